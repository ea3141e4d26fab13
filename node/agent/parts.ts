import type { Logger } from "pino";
import type { Application } from "../../contract/application";
import type { Events } from "../events/events";
import type { Gate, GateStatus } from "../gate/gate-socket";
import type { Budget } from "../health/budget";
import type { CommonCausePolicy } from "../health/common-cause";
import type { Evidence } from "../health/evidence";
import type { LadderPolicy } from "../health/ladder-policy";
import type { Ladder } from "../health/ladder-state";
import type { Probe } from "../health/probe";
import type { VerdictPolicy } from "../health/verdict";
import type { LifecycleHooks } from "../lifecycle/hooks";
import type { Registry } from "../registry/registry";
import type { NodeStatus } from "./node-status";
import type { Units } from "./units";

/** What the agent's story is told with: everything that touches the world, so that a test can put its own in. */
export interface Parts {
  status: NodeStatus;
  units: Units;
  gate: Gate;
  hooks: LifecycleHooks;
  registry: Registry;
  budget: Budget;
  events: Pick<Events, "tell" | "flush">;
  log: Logger;
  timing: Timing;
  policy: { ladder: LadderPolicy; verdict: VerdictPolicy; commonCause: CommonCausePolicy };
  /** Milliseconds since boot, the same for every agent of this node. */
  clock: () => number;
  /** Where an earlier agent of this node left the ladder, and where this one leaves it. */
  ladderFile: { read(): Ladder | undefined; keep(ladder: Ladder): void };
  /**
   * The release, verified and current, with its gate started and its application installed; what runs already is adopted. The application
   * is started too, unless an earlier agent did that: then the ladder decides what to do about one that does not run.
   */
  install: (isAdopted: boolean) => Promise<Application>;
  probes: (application: Application, seen: Seen) => Probe[];
  repair: Repair;
  /** The application's last lines, on one line. */
  lastOutput: () => Promise<string>;
  targetLifecycleState: () => Promise<string | undefined>;
  /** Whether the launch hook was completed by an earlier agent of this node. */
  launched: { read(): Promise<boolean>; write(): Promise<void> };
  /** A line for people and for those who look for its beginning, beside the JSON log. */
  say(line: string): void;
}

/** What the watch knows already, for probes. */
export interface Seen {
  appPid: () => Promise<number | undefined>;
  gatePid: () => Promise<number | undefined>;
  gateStatus: () => Promise<GateStatus>;
}

/** What is done to a sick node, each within its own limit. */
export interface Repair {
  /** Answers where the diagnosis is kept. */
  diagnose(application: Application, about: { fault: Ladder["fault"]; evidence: Evidence[]; pid: number | undefined }): Promise<string>;
  restartApp(application: Application, ladder: Ladder, pid: number | undefined): Promise<void>;
  restartGate(): Promise<void>;
  /** To the node's group, which replaces it; what waits in the application is let go. */
  reportUnhealthy(pid: number | undefined): Promise<void>;
}

/** All in milliseconds. */
export interface Timing {
  watchMs: number;
  renewMs: number;
  /** From the application's start to its health, after which the release is refused. */
  startLimitMs: number;
  /** For S3 and Secrets Manager to give what is needed before the start. */
  fetchLimitMs: number;
  lifecyclePollMs: number;
  /** A leaving node waits until no request came for this long, */
  quietMs: number;
  /** but no longer than this. */
  drainLimitMs: number;
  /** For Auto Scaling to begin waiting for a hook. */
  hookLimitMs: number;
}
