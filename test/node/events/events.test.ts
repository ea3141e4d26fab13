import { setTimeout as pause } from "node:timers/promises";
import type { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type ClusterEvent, clusterEventSchema } from "../../../contract/events";
import { BusSink } from "../../../node/events/bus-sink";
import { EventQueue, type EventQueueArgs } from "../../../node/events/event-queue";
import { Events } from "../../../node/events/events";
import { StreamSink } from "../../../node/events/stream-sink";
import { reached, RunningStore } from "../registry/running-store";

const limits = { most: 5, batch: 2, pauseMs: 5, longestPauseMs: 20 };

class FakeSink {
  readonly name = "fake";
  readonly got: string[] = [];
  readonly batches: number[] = [];
  isAway = false;
  send = async (events: readonly ClusterEvent[]): Promise<void> => {
    await pause(1);
    if (this.isAway) throw new Error("away");
    this.batches.push(events.length);
    this.got.push(...events.map(({ reason }) => reason));
  };
}

describe("events", () => {
  let sink: FakeSink;
  let faults: string[];
  const queueOf = (args: Partial<EventQueueArgs> = {}) =>
    new EventQueue({ sink, ...limits, onFault: (name, error, waiting) => void faults.push(`${name} ${error.message} ${waiting}`), ...args });
  const tell = (events: Events, ...reasons: string[]) => reasons.map((reason) => events.tell({ event: "suspect", reason, cause: "no-answer" }));

  beforeEach(() => {
    sink = new FakeSink();
    faults = [];
  });

  test("are what the contract says", () => {
    const [event] = tell(new Events("i-1", []), "it is late");
    expect(clusterEventSchema.parse(event)).toMatchObject({
      source: "nplus1.node",
      node: "i-1",
      event: "suspect",
      reason: "it is late",
      cause: "no-answer",
      dependency: null,
      details: {},
    });
  });

  test("arrive in order, some at once", async () => {
    const queue = queueOf();
    tell(new Events("i-1", [queue]), "a", "b", "c", "d", "e");
    await queue.empty(1000);
    expect([sink.got, Math.max(...sink.batches)]).toEqual([["a", "b", "c", "d", "e"], 2]);
  });

  test("wait while their place is away, which is said once, and arrive when it is back", async () => {
    sink.isAway = true;
    const queue = queueOf();
    const events = new Events("i-1", [queue]);
    tell(events, "a", "b");
    await pause(80);
    expect(faults).toEqual(["fake away 2"]);
    sink.isAway = false;
    tell(events, "c");
    await queue.empty(1000);
    expect(sink.got).toEqual(["a", "b", "c"]);
  });

  test("are bounded: the oldest go first, and are counted", async () => {
    sink.isAway = true;
    const queue = queueOf();
    tell(new Events("i-1", [queue]), ..."abcdefgh");
    await pause(30);
    sink.isAway = false;
    await queue.empty(1000);
    expect([sink.got.join(""), queue.dropped]).toEqual(["defgh", 3]);
  });

  test("one place that is away keeps none from the other, nor a node from leaving", async () => {
    const other = new FakeSink();
    other.isAway = true;
    const events = new Events("i-1", [queueOf(), queueOf({ sink: other })]);
    tell(events, "a");
    const from = performance.now();
    await events.flush(100);
    expect(performance.now() - from).toBeLessThan(300);
    expect(sink.got).toEqual(["a"]);
  });

  test("are in the store's stream, and only about the last 2000", async () => {
    const store = await RunningStore.start();
    try {
      const connection = store.connection();
      const stream = new StreamSink(connection);
      const [event] = tell(new Events("i-1", []), "a") as [ClusterEvent];
      await reached("the store", () =>
        stream.send([event]).then(
          () => true,
          () => false,
        ),
      );
      await stream.send(Array.from({ length: 2500 }, () => event));
      const [length, first] = await connection.run((client) =>
        Promise.all([client.xLen("nplus1:events"), client.xRange("nplus1:events", "-", "+", { COUNT: 1 })]),
      );
      expect(clusterEventSchema.parse(JSON.parse(first?.[0]?.message.event ?? ""))).toEqual(event);
      expect(length).toBeGreaterThanOrEqual(2000);
      expect(length).toBeLessThan(2200);
    } finally {
      await store.stop();
    }
  }, 20_000);

  test("go to the stack's own bus, and again when it refuses one of them", async () => {
    const sent: PutEventsCommand[] = [];
    let failed = 1;
    const send = async (command: PutEventsCommand) => {
      sent.push(command);
      return { FailedEntryCount: failed, Entries: failed ? [{ ErrorCode: "Throttled", ErrorMessage: "slowly" }] : [{ EventId: "1" }] };
    };
    const bus = new BusSink("us-east-1", "prod", { send: send as never });
    const [event] = tell(new Events("i-1", []), "a") as [ClusterEvent];
    await expect(bus.send([event])).rejects.toThrow("1 of 1 events were refused: Throttled: slowly");
    failed = 0;
    await bus.send([event]);
    const { Entries: [entry] = [] } = sent[1]?.input ?? {};
    expect(entry).toMatchObject({ EventBusName: "nplus1-prod", Source: "nplus1.node", DetailType: "suspect", Time: new Date(event.at) });
    expect(clusterEventSchema.parse(JSON.parse(entry?.Detail ?? ""))).toEqual(event);
  });
});
