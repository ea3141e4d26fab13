import { type Move, reached, told } from "./ladder-moves";
import { type LadderPolicy, pauseBefore, servesNobody, verifyLimitMs } from "./ladder-policy";
import type { ActionKind, Ladder } from "./ladder-state";

/** What a ladder without an action under way does next, step by step. */
export function decide(ladder: Ladder, now: number, policy: LadderPolicy): Move {
  return STEPS[ladder.step](ladder, now, policy);
}

type Decide = (ladder: Ladder, now: number, policy: LadderPolicy) => Move;

const stay = (ladder: Ladder): Move => ({ ladder, events: [] });
const act = (ladder: Ladder, action: ActionKind): Move => ({ ladder, action, events: [] });

const STEPS: Readonly<Record<Ladder["step"], Decide>> = {
  /** A node that never served is not repaired; its process is started again until the launch is given up. */
  starting(ladder, now, policy) {
    if (ladder.clean >= policy.cleanLooks) {
      const startTookMs = ladder.restarts === 0 ? now - ladder.since : null;
      return becomeHealthy({ ...ladder, startTookMs }, now, "joined");
    }
    if (ladder.level !== "fatal" || ladder.fault?.cause !== "process-gone") return stay(ladder);
    return repair(ladder, now, policy);
  },

  healthy(ladder, now, policy) {
    if (ladder.level === "ok") return stay(now - ladder.since >= policy.calmMs ? forgotten(ladder) : ladder);
    const suspect = { ...reached("suspect", ladder, now), illSince: now, told: [] };
    const move = decide(suspect, now, policy);
    return { ...move, events: [told("suspect", suspect), ...move.events] };
  },

  suspect(ladder, now, policy) {
    if (ladder.clean >= policy.cleanLooks) return becomeHealthy(ladder, now, "healthy");
    if (ladder.level !== "fatal" || ladder.fault === null) return stay(ladder);
    if (servesNobody(ladder.fault.cause)) return decide(reached("repairing", ladder, now), now, policy);
    return now >= ladder.notBefore ? act(ladder, "ask-budget") : stay(ladder);
  },

  quarantined(ladder, now, policy) {
    // It came back by itself: it need not lose what it has in memory.
    if (ladder.clean >= policy.cleanLooks) return decide(reached("verifying", ladder, now), now, policy);
    const canClose = ladder.fault?.cause !== "gate";
    if (!ladder.isGateClosed && canClose) return now >= ladder.notBefore ? act(ladder, "close-gate") : stay(ladder);
    if (!ladder.isDiagnosed) return act(ladder, "diagnose");
    return decide(reached("repairing", ladder, now), now, policy);
  },

  repairing(ladder, now, policy) {
    if (ladder.clean >= policy.cleanLooks) return decide(reached("verifying", ladder, now), now, policy);
    const mayTry = now >= ladder.notBefore;
    if (ladder.hasToken && !ladder.isGateClosed && ladder.fault?.cause !== "gate" && mayTry) return act(ladder, "close-gate");
    if (ladder.failedRepairs >= policy.failedRepairs || ladder.restarts >= policy.restarts) {
      if (mayTry) return act(ladder, ladder.hasToken ? "report-unhealthy" : "ask-budget");
    } else if (ladder.restarts > 0 && !ladder.hasToken && mayTry) {
      // The first restart helped for a while or not at all: from now on peers serve meanwhile, if there are enough.
      return act(ladder, "ask-budget");
    }
    return repair(ladder, now, policy);
  },

  verifying(ladder, now, policy) {
    if (ladder.clean >= policy.cleanLooks) {
      const mayTry = now >= ladder.notBefore;
      if (ladder.isGateClosed) return mayTry ? act(ladder, "open-gate") : stay(ladder);
      if (ladder.hasToken) return act(ladder, "give-back");
      return becomeHealthy(ladder, now, "healthy");
    }
    const isGone = ladder.level === "fatal" && ladder.last !== null && servesNobody(ladder.last.cause);
    if (!isGone && now - ladder.since < verifyLimitMs(ladder.startTookMs, policy)) return stay(ladder);
    const failed = {
      ...reached("repairing", ladder, now),
      fault: ladder.last ?? ladder.fault,
      failedRepairs: ladder.failedRepairs + 1,
      isDiagnosed: false,
    };
    const move = decide(failed, now, policy);
    return { ...move, events: [told("repair-failed", failed), ...move.events] };
  },

  /** Its group replaces it. When that does not come, it is said again. */
  failed(ladder, now) {
    if (ladder.hasToken) return act(ladder, "give-back");
    return now >= ladder.notBefore ? act(ladder, "report-unhealthy") : stay(ladder);
  },
};

function repair(ladder: Ladder, now: number, policy: LadderPolicy): Move {
  if (!ladder.isDiagnosed) return act(ladder, "diagnose");
  const pauseMs = pauseBefore(ladder.restarts, policy);
  if (ladder.restartedAt !== null && now - ladder.restartedAt < pauseMs) return stay(ladder);
  return act(ladder, ladder.fault?.cause === "gate" ? "restart-gate" : "restart");
}

function becomeHealthy(ladder: Ladder, now: number, event: "joined" | "healthy"): Move {
  const healthy = { ...reached("healthy", ladder, now), fault: null, illSince: null, isDiagnosed: false, notBefore: 0, told: [] };
  const reason = event === "joined" ? "the application answers" : `well again after: ${ladder.fault?.reason ?? "nothing named"}`;
  return { ladder: healthy, events: [{ event, reason, fault: event === "joined" ? null : ladder.fault }] };
}

const forgotten = (ladder: Ladder): Ladder => (ladder.restarts === 0 ? ladder : { ...ladder, restarts: 0, failedRepairs: 0, restartedAt: null });
