import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type ClusterEvent, eventBusName } from "../../contract/events";
import { AWS_LIMITS } from "../aws-limits";
import type { EventSink } from "./event-queue";

/** The stack's own event bus, from which alarms and other programs have them. */
export class BusSink implements EventSink {
  readonly name = "bus";
  readonly #client: Pick<EventBridgeClient, "send">;
  readonly #bus: string;

  constructor(region: string, stack: string, client?: Pick<EventBridgeClient, "send">) {
    this.#client = client ?? new EventBridgeClient({ region, requestHandler: AWS_LIMITS });
    this.#bus = eventBusName(stack);
  }

  async send(events: readonly ClusterEvent[]): Promise<void> {
    const entries = events.map((event) => ({
      EventBusName: this.#bus,
      Source: event.source,
      DetailType: event.event,
      Time: new Date(event.at),
      Detail: JSON.stringify(event),
    }));
    const { FailedEntryCount = 0, Entries = [] } = await this.#client.send(new PutEventsCommand({ Entries: entries }));
    const fault = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (FailedEntryCount > 0)
      throw new Error(`${FailedEntryCount} of ${events.length} events were refused: ${fault?.ErrorCode}: ${fault?.ErrorMessage}`);
  }
}

/** PutEvents takes ten at once. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const BUS_BATCH = 10;
