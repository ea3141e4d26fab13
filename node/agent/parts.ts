import type { Logger } from "pino";
import type { Application } from "../../contract/application";
import type { Gate } from "../gate/gate-socket";
import type { HealthPolicy } from "../health/assess";
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
  log: Logger;
  timing: Timing;
  policy: HealthPolicy;
  /** The release, verified and current, with its application and gate installed and started; adopts what already runs. */
  install: () => Promise<Application>;
  releaseInPlace: () => Promise<boolean>;
  /** Undefined when the health path answered in time through the gate's front door, else why not. */
  probe: (application: Application) => Promise<string | undefined>;
  /** The application's last lines, on one line. */
  lastOutput: () => Promise<string>;
  targetLifecycleState: () => Promise<string | undefined>;
  /** Whether the launch hook was completed by an earlier agent of this node. */
  launched: { read(): Promise<boolean>; write(): Promise<void> };
  /** A line for people and for those who look for its beginning, beside the JSON log. */
  say(line: string): void;
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
