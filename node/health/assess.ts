import type { NodeState } from "../../contract/registry";

/** One look at the node. */
export interface Observation {
  appRunning: boolean;
  gateRunning: boolean;
  /** Why the health path was not answered as it should be through the gate; undefined when it was. */
  probeFault: string | undefined;
  /** The current release is the fleet's, verified. */
  releaseInPlace: boolean;
}

export interface HealthPolicy {
  /** Failures in a row before the node takes no more requests. */
  failuresToQuarantine: number;
  /** Successes in a row before it takes them (again). */
  passesToServe: number;
}

export const HEALTH_POLICY: HealthPolicy = { failuresToQuarantine: 3, passesToServe: 2 };

export interface Health {
  state: NodeState;
  /** Each a sentence; empty when nothing is wrong. */
  reasons: string[];
  /** In a row. */
  failures: number;
  passes: number;
}

export const BEFORE_FIRST_LOOK: Health = { state: "starting", reasons: ["not verified yet"], failures: 0, passes: 0 };

/** Whether the load balancer may send requests. */
export const mayServe = (state: NodeState): boolean => state === "healthy" || state === "suspect";

export function assess(before: Health, seen: Observation, policy: HealthPolicy): Health {
  const reasons = faults(seen);
  return reasons.length === 0 ? afterPass(before, policy) : afterFailure(before, reasons, policy);
}

function faults(seen: Observation): string[] {
  const found: string[] = [];
  if (!seen.releaseInPlace) found.push("the release is not in place");
  if (!seen.gateRunning) found.push("the gate is not running");
  if (!seen.appRunning) found.push("the application's process is not running");
  if (found.length === 0 && seen.probeFault !== undefined) found.push(seen.probeFault);
  return found;
}

function afterPass(before: Health, policy: HealthPolicy): Health {
  const passes = before.passes + 1;
  const counts = { failures: 0, passes };
  if (mayServe(before.state) || passes >= policy.passesToServe) return { state: "healthy", reasons: [], ...counts };
  return { state: before.state === "starting" ? "starting" : "verifying", reasons: ["passed, and must pass again"], ...counts };
}

function afterFailure(before: Health, reasons: string[], policy: HealthPolicy): Health {
  const failures = before.failures + 1;
  const counts = { failures, passes: 0 };
  if (before.state === "starting") return { state: "starting", reasons, ...counts };
  if (mayServe(before.state) && failures < policy.failuresToQuarantine) return { state: "suspect", reasons, ...counts };
  return { state: "quarantined", reasons, ...counts };
}
