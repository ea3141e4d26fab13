import { randomUUID } from "node:crypto";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Ending, endedWell, isStartLimitHit, restarts } from "./restart-policy";
import type { ServiceUnit } from "./unit-file";
import { makeRuntimeDirectories, runCommands, startCommand, unitEnvironment } from "./unit-process";
import { readProcesses, unitProcesses } from "./unit-processes";

export type ActiveState = "inactive" | "activating" | "active" | "reloading" | "deactivating" | "failed";

/** Milliseconds between two looks at whether a unit's remaining processes are gone. */
const LOOK_MS = 20;

/** Milliseconds after SIGKILL in which the kernel must have removed a process. */
const KILL_LIMIT_MS = 5000;

/** One service and its life, as systemd would lead it. Jobs (start, stop, restart) run one after the other. */
export class Unit {
  state: ActiveState = "inactive";
  mainPid: number | undefined;
  result = "";
  #runId = "";
  #child: ChildProcess | undefined;
  #jobs: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #starts: number[] = [];
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(
    public definition: ServiceUnit,
    private readonly onChange: () => void,
  ) {}

  get isWaitingToRestart(): boolean {
    return this.#restartTimer !== undefined;
  }

  start = (): Promise<void> => this.#job(() => this.#start());

  stop(): Promise<void> {
    this.#cancelRestart();
    this.#stopping = true;
    return this.#job(() => this.#stop());
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async reload(): Promise<void> {
    const unit = this.definition;
    if (unit.execReload.length === 0) throw new Error(`${unit.name}: must have ExecReload= to be reloaded`);
    if (this.state !== "active") throw new Error(`${unit.name}: must be active to be reloaded, is ${this.state}`);
    await runCommands(unit, unit.execReload, unitEnvironment(unit, this.#runId, this.mainPid));
  }

  /** To all processes of the unit, or the main one alone. */
  kill(signal: NodeJS.Signals, whom: "all" | "main"): void {
    const pids = whom === "main" ? [this.mainPid].filter((pid) => pid !== undefined) : this.#processes();
    if (pids.length === 0) throw new Error(`${this.definition.name}: must run to be signalled, is ${this.state}`);
    signalAll(pids, signal);
  }

  #job<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#jobs.then(work);
    this.#jobs = done.catch(() => undefined);
    return done;
  }

  #become(state: ActiveState, result = this.result): void {
    this.state = state;
    this.result = result;
    this.onChange();
  }

  #cancelRestart(): void {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
  }

  async #start(): Promise<void> {
    this.#cancelRestart();
    this.#stopping = false;
    if (this.state === "active") return;
    const unit = this.definition;
    if (isStartLimitHit(this.#starts, Date.now(), unit)) {
      this.#become("failed", "start-limit-hit");
      throw new Error(`${unit.name}: was started ${unit.startLimitBurst} times within its StartLimitIntervalSec and stays failed`);
    }
    this.#starts = [...this.#starts.slice(-100), Date.now()];
    this.#runId = randomUUID().replaceAll("-", "");
    this.#become("activating", "");
    try {
      makeRuntimeDirectories(unit);
      const env = unitEnvironment(unit, this.#runId, undefined);
      await runCommands(unit, unit.execStartPre, env);
      if (unit.type === "oneshot") return await this.#runOnce(env);
      const [command] = unit.execStart;
      if (!command) throw new Error(`${unit.name}: must have ExecStart=`);
      const child = await startCommand(unit, command, env);
      this.#child = child;
      this.mainPid = child.pid;
      child.once("exit", (code, signal) => void this.#job(() => this.#ended(child, { code, signal })));
      this.#become("active");
    } catch (error) {
      this.#afterEnd({ code: 1, signal: null }, "exit-code");
      throw error;
    }
  }

  async #runOnce(env: Record<string, string>): Promise<void> {
    await runCommands(this.definition, this.definition.execStart, env);
    this.#become(this.definition.remainAfterExit ? "active" : "inactive", "success");
  }

  async #ended(child: ChildProcess, ending: Ending): Promise<void> {
    // A stop job that waited for the same end has done the rest.
    if (this.#child !== child) return;
    this.#child = undefined;
    this.mainPid = undefined;
    await this.#clear("SIGTERM", child.pid ?? 0);
    this.#afterEnd(ending, endedWell(ending) ? "success" : ending.signal === null ? "exit-code" : "signal");
  }

  #afterEnd(ending: Ending, result: string): void {
    if (!this.#stopping && restarts(this.definition.restart, ending)) {
      this.#restartTimer = setTimeout(() => void this.start().catch(() => undefined), this.definition.restartMs);
      return this.#become("activating", result);
    }
    this.#become(endedWell(ending) ? "inactive" : "failed", result);
  }

  async #stop(): Promise<void> {
    this.#cancelRestart();
    const child = this.#child;
    if (!child) return this.#become("inactive");
    const { killSignal, killMode, timeoutStopMs } = this.definition;
    const pid = child.pid ?? 0;
    this.#become("deactivating");
    const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");
    signalAll(killMode === "control-group" ? this.#processes() : [pid], killSignal);
    const limit = new AbortController();
    const timeout = Number.isFinite(timeoutStopMs) ? delay(timeoutStopMs, "late", { signal: limit.signal }).catch(() => "ended") : ended;
    const late = (await Promise.race([ended.then(() => "ended"), timeout])) === "late";
    limit.abort();
    if (late) {
      signalAll(killMode === "process" ? [pid] : this.#processes(), "SIGKILL");
      await ended;
    }
    this.#child = undefined;
    this.mainPid = undefined;
    if (killMode !== "process") await this.#clear("SIGKILL", pid);
    this.#become(late ? "failed" : "inactive", late ? "timeout" : "success");
  }

  /** What outlived the main process gets the signal, and SIGKILL when the stop time is over. */
  async #clear(signal: NodeJS.Signals, mainPid: number): Promise<void> {
    if (this.definition.killMode === "process") return;
    const left = () => unitProcesses(readProcesses(), mainPid, this.#runId);
    const limitMs = signal === "SIGKILL" ? 0 : Math.min(this.definition.timeoutStopMs, KILL_LIMIT_MS);
    const since = Date.now();
    for (let pids = left(), sent = signal; pids.length > 0; pids = left()) {
      const waited = Date.now() - since;
      if (waited > limitMs + KILL_LIMIT_MS) throw new Error(`${this.definition.name}: processes ${pids.join(", ")} did not end after SIGKILL`);
      if (waited === 0 || waited >= limitMs) signalAll(pids, (sent = waited >= limitMs ? "SIGKILL" : sent));
      await delay(LOOK_MS);
    }
  }

  #processes = (): number[] => (this.mainPid === undefined ? [] : unitProcesses(readProcesses(), this.mainPid, this.#runId));
}

/** A process that has ended by itself needs no signal. */
function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
