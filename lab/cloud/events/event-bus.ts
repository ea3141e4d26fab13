import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import type { Deliver } from "./delivery";
import { type BusEvent, busEvent, DEFAULT_BUS, type NewEvent } from "./event";
import type { BusRule, Rules } from "./rules";
import { targetInput } from "./target-input";

/** How many of the last events are kept for who asks. */
const KEPT = 1000;

export interface EventBusParts {
  rules: Pick<Rules, "current">;
  deliver: Deliver;
  /** A line of JSON for each event. */
  file: string;
  onFailure: (error: unknown) => void;
}

/** Takes events and hands them to the targets of the rules that match. */
export class EventBus {
  readonly #last: BusEvent[] = [];

  constructor(private readonly parts: EventBusParts) {}

  /** The last events of all buses, oldest first. */
  last(): readonly BusEvent[] {
    return this.#last;
  }

  /** What the lab's own services say; what becomes of it is not theirs. */
  readonly emit = (fresh: NewEvent): void => void this.put(fresh, DEFAULT_BUS);

  /** Gives the event's id at once; delivery goes on. */
  put(fresh: NewEvent, bus: string): string {
    const event = busEvent(fresh, randomUUID(), new Date());
    this.#last.push(event);
    this.#last.splice(0, this.#last.length - KEPT);
    appendFileSync(this.parts.file, `${JSON.stringify(event)}\n`);
    this.#route(event, bus).catch(this.parts.onFailure);
    return event.id;
  }

  /** A rule's own time has come. */
  async fire(rule: BusRule): Promise<void> {
    const event = busEvent({ source: "aws.events", detailType: "Scheduled Event", resources: [rule.arn], detail: {} }, randomUUID(), new Date());
    await this.#hand(event, rule);
  }

  async #route(event: BusEvent, bus: string): Promise<void> {
    const rules = await this.parts.rules.current();
    const matching = rules.filter((rule) => rule.bus === bus && rule.matches?.(event));
    await Promise.all(matching.map((rule) => this.#hand(event, rule)));
  }

  /** One target's failure is not another's. */
  async #hand(event: BusEvent, rule: BusRule): Promise<void> {
    const { deliver, onFailure } = this.parts;
    await Promise.all(
      rule.targets.map((target) =>
        deliver({
          target: target.Arn ?? "",
          payload: targetInput(target, event, rule),
          by: { service: "events.amazonaws.com", sourceArn: rule.arn },
        }).catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          onFailure(new Error(`rule ${rule.name}, target ${target.Id}: event ${event.id} is lost: ${why}`, { cause: error }));
        }),
      ),
    );
  }
}
