import type { EventName } from "../../contract/events";
import { type Move, reached, told } from "./ladder-moves";
import { decide } from "./ladder-steps";
import type { LadderPolicy } from "./ladder-policy";
import type { ActionKind, Ladder } from "./ladder-state";
import type { Verdict } from "./verdict";

/** How an action ended. The last three are the budget's: enough others serve; they do not; nobody is to be taken out; it could not be asked. */
export type Outcome = { result: "done" | "granted" } | { result: "failed" | "refused" | "shared" | "away"; reason: string };

export type Input = { kind: "look"; now: number; verdict: Verdict } | { kind: "done"; now: number; action: ActionKind; outcome: Outcome };

/**
 * One move of a node on the ladder healthy → suspect → quarantined → repairing → verifying → healthy, or → failed, which is: replaced.
 * Nothing is decided while an action is under way.
 */
export function advance(before: Ladder, input: Input, policy: LadderPolicy): Move {
  const move = input.kind === "look" ? seen(before, input.verdict) : ended(before, input, policy);
  if (move.ladder.busy !== null) return move;
  const decided = decide(move.ladder, input.now, policy);
  return { ...decided, ladder: begun(decided, input.now), events: [...move.events, ...decided.events] };
}

function begun({ ladder, action }: Move, now: number): Ladder {
  if (action === undefined) return ladder;
  const restartBegunAt = action === "restart" ? (ladder.restartBegunAt ?? now) : ladder.restartBegunAt;
  return { ...ladder, busy: action, restartBegunAt };
}

function seen(before: Ladder, { level, fault, isSure }: Verdict): Move {
  const clean = level !== "ok" ? 0 : isSure ? before.clean + 1 : before.clean;
  const last = fault === undefined ? null : { cause: fault.cause, reason: fault.reason, dependency: fault.dependency ?? null };
  // A process that is being ended is gone, and one that starts does not answer yet: that is not what was wrong.
  const isMended = before.step === "repairing" || before.step === "verifying";
  return { ladder: { ...before, level, clean, last, fault: isMended ? before.fault : (last ?? before.fault) }, events: [] };
}

/** Nothing is known of a new process, and nothing was found out about its fault. */
const AFRESH = { isDiagnosed: false, restartBegunAt: null, clean: 0, level: "bad" } as const;

function ended(before: Ladder, { action, outcome, now }: Extract<Input, { kind: "done" }>, policy: LadderPolicy): Move {
  // An answer to what nobody waits for any more: the ladder was taken over by another agent meanwhile.
  if (before.busy !== action) return { ladder: before, events: [] };
  const ladder = { ...before, busy: null };
  const later = { ...ladder, notBefore: now + policy.againMs };
  const failed = (after: Ladder): Move => {
    const reason = "reason" in outcome ? outcome.reason : outcome.result;
    return once("action-failed", `${action}: ${reason}`, after, `failed ${action}`);
  };
  const isDone = outcome.result === "done" || outcome.result === "granted";
  switch (action) {
    case "ask-budget":
      return answered(ladder, outcome, now, policy);
    case "close-gate":
      return isDone ? { ladder: { ...ladder, isGateClosed: true }, events: [] } : failed(later);
    case "open-gate":
      return isDone ? { ladder: { ...ladder, isGateClosed: false }, events: [] } : failed(later);
    case "diagnose": {
      const diagnosed = { ...ladder, isDiagnosed: true };
      return isDone ? { ladder: diagnosed, events: [told("diagnosed", diagnosed)] } : failed(diagnosed);
    }
    case "restart":
    case "restart-gate": {
      const restarted = { ...ladder, ...AFRESH, restarts: ladder.restarts + 1, restartedAt: now };
      if (!isDone) return failed(restarted);
      const next = ladder.step === "starting" ? restarted : reached("verifying", restarted, now);
      return { ladder: next, events: [told("restarted", restarted)] };
    }
    case "give-back":
      // What cannot be given back runs out by itself.
      return { ladder: { ...ladder, hasToken: false }, events: [] };
    case "report-unhealthy":
      if (outcome.result === "shared") return once("common-cause", outcome.reason, later);
      if (!isDone) return failed(later);
      return { ladder: { ...reached("failed", ladder, now), notBefore: now + policy.calmMs }, events: [told("replaced", ladder)] };
  }
}

function answered(ladder: Ladder, outcome: Outcome, now: number, policy: LadderPolicy): Move {
  if (outcome.result === "granted") {
    const granted = { ...ladder, hasToken: true };
    // A node on its way to be repaired or replaced stays there.
    if (ladder.step !== "suspect") return { ladder: granted, events: [] };
    return { ladder: reached("quarantined", granted, now), events: [told("quarantined", granted)] };
  }
  const later = { ...ladder, notBefore: now + policy.againMs };
  const reason = "reason" in outcome ? outcome.reason : outcome.result;
  return once(outcome.result === "shared" ? "common-cause" : "budget-refused", reason, later);
}

function once(event: EventName, reason: string, ladder: Ladder, key: string = event): Move {
  if (ladder.told.includes(key)) return { ladder, events: [] };
  return { ladder: { ...ladder, told: [...ladder.told, key] }, events: [{ event, reason, fault: ladder.fault }] };
}
