import pino from "pino";
import { type Application, applicationSchema } from "../../../contract/application";
import type { NodeEntry } from "../../../contract/registry";
import { NodeStatus } from "../../../node/agent/node-status";
import type { Parts } from "../../../node/agent/parts";
import type { Units } from "../../../node/agent/units";
import type { NewEvent } from "../../../node/events/events";
import type { GateCommand, GateStatus } from "../../../node/gate/gate-socket";
import type { BudgetAnswer } from "../../../node/health/budget";
import { type Evidence, type Fault, ok } from "../../../node/health/evidence";
import { LADDER_POLICY } from "../../../node/health/ladder-policy";
import type { Ladder } from "../../../node/health/ladder-state";
import { AppProcess } from "../../../node/health/processes";
import type { Peer } from "../../../node/registry/registry";

export const RELEASE = "a".repeat(64);
export const application: Application = applicationSchema.parse({ name: "shop", start: "node server.js" });
export const APP = "nplus1-app.service";

/** A process id that no process has: the watch believes what the service manager says each time. */
export const NO_PROCESS = 4_194_303;

/** A node in memory: what the agents did to it, in order, and what they find there. It outlives its agents. */
export class FakeNode {
  readonly did: string[] = [];
  readonly said: string[] = [];
  readonly told: NewEvent[] = [];
  readonly entries: NodeEntry[] = [];
  /** Why the health path is not answered as it should be. */
  fault: Partial<Fault> | undefined;
  targetState = "InService";
  launched = false;
  gate: GateStatus = { mode: "open", inFlight: 0, held: 0, admitted: 0, passed: 0, inApp: 0, brokenOff: 0 };
  met: string[] = [];
  /** What the other nodes say; undefined while the store is away. */
  others: Peer[] | undefined = [];
  budget: BudgetAnswer = { kind: "granted", others: 2 };
  serves: boolean | "token" = false;
  ladder: Ladder | undefined;
  /** How often the group is not waiting yet. */
  hooksNotYet = 0;
  installFault: (() => Error | undefined) | undefined;
  /** Beside doing an action: a test can make it hang, or fail. */
  onAction: (action: string) => Promise<void> = async () => undefined;
  active = new Map([
    [APP, process.pid],
    ["nplus1-gate.service", process.pid],
  ]);

  readonly units: Units = {
    status: async (unit) => ({ active: this.active.has(unit), pid: this.active.get(unit) }),
    start: async (unit) => void this.did.push(`start ${unit}`),
    stop: async (unit) => {
      this.did.push(`stop ${unit}`);
      this.active.delete(unit);
    },
    reload: async (unit) => void this.did.push(`reload ${unit}`),
    signal: async (unit, signal) => void this.did.push(`${signal} ${unit}`),
    reread: async () => void this.did.push("reread"),
  };

  parts(): Parts {
    return {
      status: new NodeStatus({ id: "i-1", zone: "us-east-1a", ip: "10.0.0.4" }, RELEASE),
      units: this.units,
      gate: { tell: (command) => this.#tell(command), meet: async (peers) => void (this.met = [...peers]) },
      hooks: {
        complete: async (hook, result) => {
          this.hooksNotYet -= 1;
          if (this.hooksNotYet >= 0) return false;
          this.did.push(`${hook} ${result}`);
          return true;
        },
      },
      registry: {
        renew: async (entry) => {
          this.entries.push(entry);
          const { id, ip, release, state, trouble } = entry;
          return this.others && [{ id, ip, release, state, trouble }, ...this.others];
        },
      },
      budget: {
        serve: async () => void (this.serves = true),
        withdraw: async () => void (this.serves = false),
        keep: async () => void (this.serves = "token"),
        take: async () => {
          await this.#do("take");
          return this.budget;
        },
        giveBack: () => this.#do("give back"),
      },
      events: { tell: (event) => this.#tellEvent(event), flush: async () => undefined },
      log: pino({ enabled: false }),
      timing: {
        watchMs: 5,
        renewMs: 5,
        startLimitMs: 100,
        fetchLimitMs: 50,
        lifecyclePollMs: 5,
        quietMs: 40,
        drainLimitMs: 300,
        hookLimitMs: 500,
      },
      policy: {
        ladder: { ...LADDER_POLICY, verifyLimitMs: 200, shortestVerifyMs: 200, restartPauseMs: 10, longestPauseMs: 20, againMs: 20 },
        verdict: { starvedMs: 1000, dependencyMs: 5000 },
        commonCause: { togetherMs: 5000, holdMs: 5000 },
      },
      clock: () => performance.now(),
      ladderFile: { read: () => this.ladder, keep: (ladder) => void (this.ladder = structuredClone(ladder)) },
      install: async () => {
        const fault = this.installFault?.();
        if (fault !== undefined) throw fault;
        this.did.push("install");
        return application;
      },
      probes: (_, seen) => [
        new AppProcess(() => seen.appPid()),
        { name: "gate pid", limitMs: 1000, late: { level: "warn", cause: "gate" }, look: async () => (await seen.gatePid(), ok("gate pid")) },
        { name: "fake", limitMs: 1000, late: { level: "warn", cause: "no-answer" }, look: async () => this.#evidence() },
      ],
      repair: {
        diagnose: async () => {
          await this.#do("diagnose");
          return "s3://backups/diagnoses/i-1/now.json";
        },
        restartApp: async () => {
          await this.#do("restart");
          this.active.set(APP, NO_PROCESS);
        },
        restartGate: () => this.#do("restart gate"),
        reportUnhealthy: () => this.#do("report unhealthy"),
      },
      lastOutput: async () => "Error: no database | at start",
      targetLifecycleState: async () => this.targetState,
      launched: {
        read: async () => this.launched,
        write: async () => {
          this.launched = true;
        },
      },
      say: (line) => void this.said.push(line),
    };
  }

  /** By their names. */
  events = (): string[] => this.told.map(({ event }) => event);

  #evidence(): Evidence {
    if (this.fault === undefined) return ok("fake");
    return { probe: "fake", level: "fatal", cause: "no-answer", reason: "no answer", sinceMs: 1000, ...this.fault };
  }

  #tellEvent(event: NewEvent) {
    this.told.push(event);
    const nothing = { cause: null, dependency: null, details: {} };
    return { id: "e", at: "2026-11-24T09:00:00.000Z", source: "nplus1.node" as const, node: "i-1", ...nothing, ...event };
  }

  async #do(what: string): Promise<void> {
    this.did.push(what);
    await this.onAction(what);
  }

  async #tell(command: GateCommand): Promise<GateStatus> {
    if (command !== "status") {
      this.did.push(`gate ${command}`);
      await this.onAction(`gate ${command}`);
      this.gate = { ...this.gate, mode: command };
    }
    return this.gate;
  }
}
