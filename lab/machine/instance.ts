import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { hostPids, ownPid } from "./host-pid";
import { inNetns } from "./run";

/** Milliseconds in which an instance's init must begin user data. */
const BOOT_LIMIT_MS = 20_000;

export interface UnitState {
  state: string;
  hostPid: number | null;
}

/** A running instance: a root folder and the namespaces behind its first process. */
export class Instance {
  readonly exited: Promise<string>;

  constructor(
    readonly id: string,
    /** The first process of the instance, as the host sees it. Killing it ends the instance. */
    readonly hostPid: number,
    readonly rootDir: string,
    child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve(signal === null ? `init ended with code ${code}` : `init was ended by ${signal}`));
    });
  }

  /** Power off: no process of the instance gets a chance to react. */
  async kill(): Promise<void> {
    const pid = ownPid(this.hostPid);
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await this.exited;
  }

  /** A process of the instance, by the id it has inside, as the host sees it. */
  processHostPid(pid: number): number | undefined {
    return hostPids(this.hostPid).get(pid);
  }

  /** Units that were ever started, by name. */
  async units(): Promise<Record<string, UnitState>> {
    const pids = hostPids(this.hostPid);
    return Object.fromEntries(
      Object.entries(this.#readStates()).map(([name, { state, pid }]) => [name, { state, hostPid: pid === null ? null : (pids.get(pid) ?? null) }]),
    );
  }

  /** init writes the file at the first change of a unit. */
  #readStates(): Record<string, { state: string; pid: number | null }> {
    try {
      return JSON.parse(readFileSync(join(this.rootDir, "run/lab-units.json"), "utf8")) as Record<string, { state: string; pid: number | null }>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  }
}

export interface StartArgs {
  id: string;
  netns: string;
  rootDir: string;
  script: string;
  consoleFile: string;
}

/** Starts the instance's first process; resolves when its init begins user data. */
export async function startInstance({ id, netns, rootDir, script, consoleFile }: StartArgs): Promise<Instance> {
  const namespaces = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--", "/bin/sh", "-c", script];
  const [file = "", ...args] = inNetns(netns, namespaces);
  const console = openSync(consoleFile, "a");
  const child = spawn(file, args, { stdio: ["ignore", console, console, "pipe"], detached: true });
  closeSync(console);
  const reports = createInterface({ input: child.stdio[3] as Readable });
  let resolve: (pid: number) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const started = new Promise<number>((onStarted, onFailed) => {
    resolve = onStarted;
    reject = onFailed;
  });
  const fail = (what: string) => reject(new Error(`${id}: ${what}: ${readFileSync(consoleFile, "utf8").trim().slice(-2000)}`));
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    fail(`init did not begin user data within ${BOOT_LIMIT_MS} ms`);
  }, BOOT_LIMIT_MS);
  let hostPid = 0;
  reports.on("line", (line) => {
    if (line.startsWith("pid ")) hostPid = Number(line.slice(4));
    else if (line === "started") resolve(hostPid);
  });
  child.once("error", (cause) => reject(new Error(`${id}: ${file} could not be started`, { cause })));
  child.once("exit", (code, signal) => fail(`ended during boot (${signal ?? `code ${code}`})`));
  try {
    return new Instance(id, await started, rootDir, child);
  } finally {
    clearTimeout(timer);
    reports.close();
  }
}
