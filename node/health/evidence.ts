import type { Cause } from "../../contract/events";

/**
 * `warn`: worth knowing, and no reason to do anything. `bad`: the node is suspect. `fatal`: the node must not take requests; the probe
 * has seen it often or long enough to be sure.
 */
export type FaultLevel = "warn" | "bad" | "fatal";

export interface Fault {
  probe: string;
  level: FaultLevel;
  cause: Cause;
  /** A sentence, without the final stop. */
  reason: string;
  /** How long it has lasted, in milliseconds. */
  sinceMs: number;
  /** What the application named as missing; only with cause `dependency`. */
  dependency?: string;
}

/** What one look of one probe found. `waiting`: it asked, has no answer yet, and it is too early to say anything. */
export type Evidence = { probe: string; level: "ok" | "waiting" } | Fault;

export const ok = (probe: string): Evidence => ({ probe, level: "ok" });

export const isFault = (evidence: Evidence): evidence is Fault => evidence.level !== "ok" && evidence.level !== "waiting";
