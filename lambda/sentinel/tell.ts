import { randomUUID } from "node:crypto";
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type ClusterEvent, eventBusName, type EventName } from "../../contract/events";
import type { Store } from "./store";

export interface Said {
  event: EventName;
  node: string | null;
  reason: string;
  details?: ClusterEvent["details"];
}

export type Tell = (said: Said) => Promise<void>;

/** Tells an event in both places: the store's stream and the stack's bus. One that is away does not keep it from the other. */
export function teller(store: Pick<Store, "tell">, bus: Pick<EventBridgeClient, "send">, stack: string, log: (entry: object) => void): Tell {
  return async ({ event, node, reason, details = {} }) => {
    const full: ClusterEvent = {
      id: randomUUID(),
      at: new Date().toISOString(),
      source: "nplus1.sentinel",
      event,
      node,
      reason,
      cause: null,
      dependency: null,
      details,
    };
    log({ told: full });
    const entry = {
      EventBusName: eventBusName(stack),
      Source: full.source,
      DetailType: event,
      Time: new Date(full.at),
      Detail: JSON.stringify(full),
    };
    const sendToBus = async (): Promise<void> => {
      const { FailedEntryCount, Entries } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount) throw new Error(`${Entries?.[0]?.ErrorCode}: ${Entries?.[0]?.ErrorMessage}`);
    };
    const outcomes = await Promise.allSettled([sendToBus(), store.tell(full)]);
    for (const [index, outcome] of outcomes.entries())
      if (outcome.status === "rejected") log({ event: full.id, didNotReach: index === 0 ? "bus" : "stream", why: (outcome.reason as Error).message });
  };
}
