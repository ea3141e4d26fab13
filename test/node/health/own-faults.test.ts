import { EventLoop } from "../../../node/health/event-loop";
import type { Evidence } from "../../../node/health/evidence";
import { room } from "../../../node/health/disk";
import { Heap } from "../../../node/health/heap";
import { treeOf } from "../../../node/health/process-tree";
import type { WatchedLoop } from "../../../node/health/watched-loops";
import { stallOf } from "../../../node/watchdog/stall";

const said = { pid: 7, serves: true };
const loop = (more: Partial<WatchedLoop>): WatchedLoop => ({ ...said, heardAt: 0, stall: undefined, beat: undefined, ...more });

describe("an event loop that does not turn", () => {
  const look = (more: Partial<WatchedLoop>, now = 0): Promise<Evidence> =>
    new EventLoop(
      () => [loop(more)],
      1000,
      () => now,
    ).look();
  const stalled = (kind: "busy" | "stuck" | "starved", forMs: number, waitedMs = 0) => ({
    stall: { say: "stalled", ...said, kind, forMs, waitedMs } as const,
  });

  test.each([
    ["busy", 100, 0, "warn", "event-loop"],
    ["stuck", 499, 0, "warn", "event-loop"],
    ["busy", 500, 0, "bad", "event-loop"],
    ["stuck", 1000, 0, "fatal", "event-loop"],
    ["busy", 1400, 401, "bad", "event-loop"],
    ["starved", 3000, 2600, "warn", "pressure"],
    ["starved", 6000, 5000, "fatal", "event-loop"],
  ] as const)("%s for %i ms, %i of them without a processor, is %s: %s", async (kind, forMs, waitedMs, level, cause) => {
    expect(await look(stalled(kind, forMs, waitedMs))).toMatchObject({ level, cause, sinceMs: forMs });
  });

  test("is said in a sentence", async () => {
    expect(await look(stalled("stuck", 1200))).toMatchObject({
      reason: "the event loop of process 7 has not turned for 1200 ms: it waits and does nothing",
    });
  });

  test("is nobody's trouble in a program that does not serve, or when its watchdog says nothing any more", async () => {
    expect(await look({ ...stalled("stuck", 5000), serves: false })).toEqual({ probe: "event loop", level: "ok" });
    expect(await look(stalled("stuck", 5000), 501)).toEqual({ probe: "event loop", level: "ok" });
  });

  test("is the worst one of several", async () => {
    const loops = [loop({}), loop(stalled("stuck", 1000)), loop(stalled("starved", 4000, 3900))];
    expect(
      await new EventLoop(
        () => loops,
        1000,
        () => 0,
      ).look(),
    ).toMatchObject({ level: "fatal", sinceMs: 1000 });
  });
});

test.each([
  ["it ran all the time", { ranMs: 1090, waitedMs: 0, isReady: true }, "busy", 10],
  ["it slept", { ranMs: 1001, waitedMs: 1, isReady: false }, "stuck", 1],
  ["it is ready, and no wait is counted yet", { ranMs: 1000, waitedMs: 0, isReady: true }, "starved", 100],
  ["it got a third", { ranMs: 1033, waitedMs: 67, isReady: true }, "starved", 67],
  ["it got two thirds", { ranMs: 1067, waitedMs: 33, isReady: true }, "busy", 33],
  ["nothing is counted", undefined, "busy", 0],
] as const)("of a stall, %s", (_, after, kind, waitedMs) => {
  expect(stallOf({ ranMs: 1000, waitedMs: 0, isReady: false }, after, 100)).toEqual({ kind, waitedMs });
});

test("a heap that stays full after garbage collections is certain only when it lasts", async () => {
  let now = 0;
  let heapUsed = 96;
  const beat = () => ({ say: "beat", ...said, heapUsed, heapLimit: 100, delayMs: 0 }) as const;
  const heap = new Heap(
    () => [loop({ beat: beat() })],
    95,
    () => now,
  );
  expect(await heap.look()).toMatchObject({ level: "bad", cause: "memory", reason: "the heap of process 7 is 96 % full after a garbage collection" });
  now = 1500;
  expect(await heap.look()).toMatchObject({ level: "fatal", sinceMs: 1500 });
  heap.forget();
  expect(await heap.look()).toMatchObject({ level: "bad" });
  heapUsed = 94;
  expect(await heap.look()).toEqual({ probe: "heap", level: "ok" });
});

const GIB = 1024 * 1024 * 1024;
test.each([
  ["half free", 50 * GIB, 100 * GIB, undefined],
  ["4 % free", 4 * GIB, 100 * GIB, "warn"],
  ["99 MiB free of little", 0.09 * GIB, 0.2 * GIB, "warn"],
  ["0.9 % of much, which is a lot", 9 * GIB, 1000 * GIB, "warn"],
  ["0.9 % free", 0.9 * GIB, 100 * GIB, "bad"],
  ["19 MiB free", 0.018 * GIB, 0.1 * GIB, "bad"],
  ["a file system without blocks", 0, 0, "bad"],
])("of a disk with %s", (_, free, all, level) => {
  expect(room("/data", { bsize: 1, blocks: all, bavail: free }, 20)?.level).toBe(level);
});

test("a process's tree is itself, its children and theirs", () => {
  const parents = new Map([
    [1, 0],
    [5, 1],
    [6, 5],
    [7, 6],
    [8, 1],
    [9, 5],
  ]);
  expect(treeOf(5, parents)).toEqual([5, 6, 9, 7]);
});
