import type { Cause } from "../../contract/events";
import type { NodeState } from "../../contract/registry";
import type { Verdict } from "./verdict";

export type Step = Exclude<NodeState, "draining">;

/** What the ladder can have done. One at a time; each can be done again after it was cut off. */
export type ActionKind = "ask-budget" | "close-gate" | "diagnose" | "restart" | "restart-gate" | "open-gate" | "give-back" | "report-unhealthy";

export interface Named {
  cause: Cause;
  reason: string;
  dependency: string | null;
}

/** Where a node is on the ladder. Plain data: it is kept in a file, from which the next agent goes on. Times are milliseconds since boot. */
export interface Ladder {
  step: Step;
  /** When the step was reached. */
  since: number;
  /** What this episode is about: named until its repair begins, and anew when that has failed. */
  fault: Named | null;
  /** What the last look named. */
  last: Named | null;
  /** When it began. */
  illSince: number | null;
  /** Under way. */
  busy: ActionKind | null;
  hasToken: boolean;
  isGateClosed: boolean;
  /** Since the last restart of this episode: no restart without one. */
  isDiagnosed: boolean;
  /** What the last look said. */
  level: Verdict["level"];
  /** Looks in a row in which nothing was wrong. */
  clean: number;
  /** From the first look to the first health; null when that is not known. */
  startTookMs: number | null;
  /** Since the node was last calm for long. */
  restarts: number;
  /** Of these, the ones after which the application did not get well. */
  failedRepairs: number;
  /** When the last restart ended. */
  restartedAt: number | null;
  /** When the one under way was begun: a process that is younger is its result. */
  restartBegunAt: number | null;
  /** The budget is not asked, and a failed action not tried again, before this. */
  notBefore: number;
  /** Told once an episode, so that a fault that lasts is not told each second. */
  told: string[];
}

export const atStart = (now: number): Ladder => ({
  step: "starting",
  since: now,
  fault: null,
  last: null,
  illSince: null,
  busy: null,
  hasToken: false,
  isGateClosed: false,
  isDiagnosed: false,
  level: "bad",
  clean: 0,
  startTookMs: null,
  restarts: 0,
  failedRepairs: 0,
  restartedAt: null,
  restartBegunAt: null,
  notBefore: 0,
  told: [],
});

/** The next agent's: whatever was under way is decided anew, since nobody knows whether it ended. */
export const adopted = (ladder: Ladder): Ladder => ({ ...ladder, busy: null, clean: 0 });

/** Whether the load balancer may send requests. */
export const mayServe = (state: NodeState): boolean => state === "healthy" || state === "suspect";
