import type { Cause } from "../../../contract/events";
import { advance, type Outcome } from "../../../node/health/ladder";
import type { LadderEvent } from "../../../node/health/ladder-moves";
import { LADDER_POLICY, type LadderPolicy } from "../../../node/health/ladder-policy";
import { type ActionKind, atStart, type Ladder } from "../../../node/health/ladder-state";
import type { Verdict } from "../../../node/health/verdict";

export const fine: Verdict = { level: "ok", fault: undefined, isSure: true, reasons: [] };

export function wrong(level: "bad" | "fatal", cause: Cause = "no-answer"): Verdict {
  const reason = `seen: ${cause}`;
  return { level, fault: { probe: "test", level, cause, reason, sinceMs: 1000 }, isSure: true, reasons: [reason] };
}

/** A ladder that is looked at, whose actions end as told. */
export class LadderWorld {
  now = 1_000_000;
  ladder: Ladder = atStart(this.now);
  readonly actions: ActionKind[] = [];
  readonly events: LadderEvent[] = [];
  /** Undefined: the action does not end by itself. */
  outcome: (action: ActionKind) => Outcome | undefined = (action) => ({ result: action === "ask-budget" ? "granted" : "done" });

  constructor(readonly policy: LadderPolicy = LADDER_POLICY) {}

  look(verdict: Verdict, afterMs = 250): this {
    this.now += afterMs;
    return this.#advance({ kind: "look", now: this.now, verdict });
  }

  looks(count: number, verdict: Verdict): this {
    for (let i = 0; i < count; i += 1) this.look(verdict);
    return this;
  }

  done(action: ActionKind, outcome: Outcome): this {
    return this.#advance({ kind: "done", now: this.now, action, outcome });
  }

  #advance(input: Parameters<typeof advance>[1]): this {
    const move = advance(this.ladder, input, this.policy);
    this.ladder = move.ladder;
    this.events.push(...move.events);
    if (move.action === undefined) return this;
    this.actions.push(move.action);
    const outcome = this.outcome(move.action);
    return outcome === undefined ? this : this.done(move.action, outcome);
  }

  names = (): string[] => this.events.map(({ event }) => event);

  /** Healthy, with nothing told and done so far. */
  static healthy(): LadderWorld {
    const world = new LadderWorld().looks(2, fine);
    world.events.length = 0;
    return world;
  }
}
