import { setTimeout as delay } from "node:timers/promises";
import { StoreAway } from "../../../../node/sessions/errors";
import type { Sessions } from "../../../../node/sessions/model";
import { type Rig, set, startRig, valuesOf } from "./rig";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const MANY = 3000;
/** In milliseconds: what a request may take beyond its limit, and what a busy machine may add. */
const MARGIN_MS = 150 + 350;

test("a thousand requests at a time modify one session, and none is lost", async () => {
  const core = await rig.open();
  const base = await core.create("one", set({ begun: true }).set);
  await Promise.all(Array.from({ length: 1000 }, (_, index) => core.merge(base, set({ [`k${index}`]: index }))));
  expect(Object.keys(valuesOf(await core.read("one", undefined)) ?? {}).length).toBe(1001);
}, 30_000);

test("hundreds of requests at a time modify one session on two nodes, and none is lost", async () => {
  const cores = [await rig.open(), await rig.open()];
  const base = await (cores[0] as Sessions).create("two", set({ begun: true }).set);
  await Promise.all(Array.from({ length: 500 }, (_, index) => (cores[index % 2] as Sessions).merge(base, set({ [`k${index}`]: index }))));
  for (const core of cores) expect(Object.keys(valuesOf(await core.read("two", undefined)) ?? {}).length).toBe(501);
}, 30_000);

test("thousands of requests at a time read one session that is not in memory", async () => {
  const [writer, reader] = [await rig.open(), await rig.open()];
  const { version } = await writer.create("read", set({ k: "x".repeat(2000) }).set);
  const before = reader.counters.storeReads;
  const found = await Promise.all(Array.from({ length: MANY }, () => reader.read("read", version)));
  expect(found.every((snapshot) => snapshot?.version.n === version.n)).toBe(true);
  expect(reader.counters.storeReads - before).toBeLessThanOrEqual(2);
}, 30_000);

test("whoever waits for a turn waits no longer than anybody else", async () => {
  const core = await rig.open({ storeTimeoutMs: 400 });
  const session = await core.create("queue", set({ k: 0 }).set);
  rig.redis.signal("SIGSTOP");
  try {
    const begun = performance.now();
    const work = Array.from({ length: 200 }, async (_, index) => {
      const asked = index % 2 ? core.merge(session, set({ k: index })) : core.update("queue", () => set({ k: index }));
      await expect(asked).rejects.toThrow(StoreAway);
      return performance.now() - begun;
    });
    expect(Math.max(...(await Promise.all(work)))).toBeLessThan(400 + MARGIN_MS);
  } finally {
    rig.redis.signal("SIGCONT");
  }
});

test("a process that is blocked for half a second keeps its connection, and serves nothing stale after it", async () => {
  const events: string[] = [];
  const [core, other] = [await rig.open({ log: (event) => events.push(event) }), await rig.open()];
  const session = await core.create("blocked", set({ k: 1 }).set);
  const end = performance.now() + 500;
  while (performance.now() < end);
  expect(core.peek("blocked", session.version)).toBeUndefined();
  const written = await other.merge(session, set({ k: 2 }));
  expect(valuesOf(await core.read("blocked", written.version))).toEqual({ k: 2 });
  await delay(300);
  expect(core.peek("blocked", written.version)).toBeDefined();
  expect(events.filter((event) => event === "store-away")).toEqual([]);
});

test("the clock on the wall is of no importance", async () => {
  const core = await rig.open();
  const real = Date.now;
  try {
    const session = await core.create("clock", set({ k: 1 }).set, { lifetimeMs: 60_000 });
    for (const jump of [86_400_000_000, -86_400_000_000]) {
      Date.now = () => real() + jump;
      expect(core.peek("clock", session.version)?.version).toEqual(session.version);
      expect(valuesOf(await core.read("clock", undefined))).toEqual({ k: 1 });
    }
  } finally {
    Date.now = real;
  }
});
