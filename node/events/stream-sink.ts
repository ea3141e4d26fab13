import { type ClusterEvent, EVENTS_FIELD, EVENTS_KEPT, EVENTS_KEY } from "../../contract/events";
import type { StoreConnection } from "../registry/store-connection";
import type { EventSink } from "./event-queue";

/** The last events of all nodes, in the session store. */
export class StreamSink implements EventSink {
  readonly name = "stream";

  constructor(private readonly store: Pick<StoreConnection, "run">) {}

  async send(events: readonly ClusterEvent[]): Promise<void> {
    const kept = { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: EVENTS_KEPT } } as const;
    for (const event of events) {
      await this.store.run((client) => client.xAdd(EVENTS_KEY, "*", { [EVENTS_FIELD]: JSON.stringify(event) }, kept));
    }
  }
}
