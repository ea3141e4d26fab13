import { randomUUID } from "node:crypto";
import type { ClusterEvent, EventName } from "../../contract/events";
import type { EventQueue } from "./event-queue";

export interface NewEvent {
  event: EventName;
  reason: string;
  cause?: ClusterEvent["cause"];
  dependency?: string | null;
  details?: ClusterEvent["details"];
}

/** Tells each step of a node to everyone who is to know of it. */
export class Events {
  constructor(
    private readonly node: string,
    private readonly queues: readonly Pick<EventQueue, "put" | "empty">[],
  ) {}

  tell({ event, reason, cause = null, dependency = null, details = {} }: NewEvent): ClusterEvent {
    const full: ClusterEvent = {
      id: randomUUID(),
      at: new Date().toISOString(),
      source: "nplus1.node",
      event,
      node: this.node,
      reason,
      cause,
      dependency,
      details,
    };
    for (const queue of this.queues) queue.put(full);
    return full;
  }

  /** What waits is sent, as far as that is possible within the limit. */
  async flush(limitMs: number): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.empty(limitMs)));
  }
}
