import { setTimeout as pause } from "node:timers/promises";
import type { ClusterEvent } from "../../contract/events";

/** A place that events are sent to. */
export interface EventSink {
  readonly name: string;
  /** @throws when they did not arrive; they are then sent again, so that one may arrive twice. */
  send(events: readonly ClusterEvent[]): Promise<void>;
}

export interface EventQueueArgs {
  sink: EventSink;
  /** The oldest are dropped beyond this. */
  most: number;
  /** Sent together at most. */
  batch: number;
  /** Milliseconds before the second try; each further one waits twice as long, up to `longestPauseMs`. */
  pauseMs: number;
  longestPauseMs: number;
  onFault: (sink: string, error: Error, waiting: number) => void;
}

/** Keeps events in order until their place has them. */
export class EventQueue {
  readonly #args: EventQueueArgs;
  readonly #waiting: ClusterEvent[] = [];
  #sending: Promise<void> | undefined;
  dropped = 0;

  constructor(args: EventQueueArgs) {
    this.#args = args;
  }

  put(event: ClusterEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > this.#args.most) {
      this.#waiting.shift();
      this.dropped += 1;
    }
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Ends when nothing waits any more, or at the limit. */
  async empty(limitMs: number): Promise<void> {
    await Promise.race([this.#sending, pause(limitMs, undefined, { ref: false })]);
  }

  async #send(): Promise<void> {
    const { sink, batch, pauseMs, longestPauseMs, onFault } = this.#args;
    for (let failures = 0; this.#waiting.length > 0; ) {
      const events = this.#waiting.slice(0, batch);
      try {
        await sink.send(events);
        failures = 0;
        // Some may have been dropped meanwhile.
        while (events.includes(this.#waiting[0] as ClusterEvent)) this.#waiting.shift();
      } catch (error) {
        if (failures === 0) onFault(sink.name, error as Error, this.#waiting.length);
        await pause(Math.min(pauseMs * 2 ** failures, longestPauseMs), undefined, { ref: false });
        failures += 1;
      }
    }
  }
}
