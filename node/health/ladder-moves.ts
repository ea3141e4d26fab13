import type { EventName } from "../../contract/events";
import type { ActionKind, Ladder, Named, Step } from "./ladder-state";

export interface LadderEvent {
  event: EventName;
  reason: string;
  fault: Named | null;
}

export interface Move {
  ladder: Ladder;
  /** To be begun now; its end is the next `done`. */
  action?: ActionKind;
  events: LadderEvent[];
}

export const reached = (step: Step, ladder: Ladder, now: number): Ladder => ({ ...ladder, step, since: now });

export const told = (event: EventName, { fault }: Ladder): LadderEvent => ({ event, reason: fault?.reason ?? event, fault });
