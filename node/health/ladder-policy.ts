import type { Cause } from "../../contract/events";

export interface LadderPolicy {
  /** Looks in a row without a fault before a suspect is healthy again, and before a repaired node serves. */
  cleanLooks: number;
  /** From a restart to health, at most; then the repair has failed. Milliseconds, as all below. */
  verifyLimitMs: number;
  /** An application that is known to start quicker has three times what its start took, but no less than this. */
  shortestVerifyMs: number;
  /** Before the second restart; each further one waits twice as long, */
  restartPauseMs: number;
  /** but no longer than this. */
  longestPauseMs: number;
  /** After this many the node is replaced. */
  failedRepairs: number;
  /** The same for restarts that seemed to help, each for a while. */
  restarts: number;
  /** Healthy for this long, and what was is forgotten. */
  calmMs: number;
  /** Between two times of asking a budget that says no, and of trying what failed. */
  againMs: number;
}

export const LADDER_POLICY: LadderPolicy = {
  cleanLooks: 2,
  verifyLimitMs: 60_000,
  shortestVerifyMs: 15_000,
  restartPauseMs: 1000,
  longestPauseMs: 30_000,
  failedRepairs: 2,
  restarts: 5,
  calmMs: 300_000,
  againMs: 1000,
};

/** The first restart is at once. */
export const pauseBefore = (restarts: number, { restartPauseMs, longestPauseMs }: LadderPolicy): number =>
  restarts === 0 ? 0 : Math.min(restartPauseMs * 2 ** (restarts - 1), longestPauseMs);

export const verifyLimitMs = (startTookMs: number | null, { verifyLimitMs, shortestVerifyMs }: LadderPolicy): number =>
  startTookMs === null ? verifyLimitMs : Math.min(verifyLimitMs, Math.max(shortestVerifyMs, 3 * startTookMs));

/** With these a node serves nobody: there is nothing to take from the cluster, and no budget is asked. */
export const servesNobody = (cause: Cause): boolean => cause === "process-gone" || cause === "gate";
