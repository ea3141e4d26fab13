import { setTimeout as delay } from "node:timers/promises";
import { type Rig, set, startRig, valuesOf } from "./rig";
import { until } from "./until";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

/** In milliseconds. */
const LIFETIME = 1500;

test("a session lives its lifetime from the last touch, though touches are held back, and hardly longer", async () => {
  const [core, other] = [await rig.open(), await rig.open()];
  let session = await core.create("s", set({ k: 1 }).set, { lifetimeMs: LIFETIME });
  let touchedAt = performance.now();
  // Just under the throttle, so that the last one is held back.
  for (let time = 0; time < 11; time += 1) {
    await delay(LIFETIME * 0.09);
    session = core.peek("s", session.version) ?? session;
    touchedAt = performance.now();
    await core.touch(session);
  }
  expect(core.counters.storeTouches).toBeLessThanOrEqual(6);
  await delay(LIFETIME - 150 - (performance.now() - touchedAt));
  for (const one of [core, other]) expect(valuesOf(await one.read("s", session.version))).toEqual({ k: 1 });
  await until("the session has ended", async () => (await other.read("s", session.version)) === undefined, LIFETIME);
  expect(performance.now() - touchedAt).toBeLessThan(LIFETIME * 1.1 + 400);
  expect(await core.read("s", session.version)).toBeUndefined();
  expect(core.peek("s", session.version)).toBeUndefined();
}, 20_000);

test("a session that ended is not touched, modified or brought back", async () => {
  const core = await rig.open();
  const session = await core.create("ended", set({ k: 1 }).set, { lifetimeMs: 100 });
  await delay(150);
  expect(core.touch(session)).toBeUndefined();
  await expect(core.merge(session, set({ k: 2 }))).rejects.toThrow("the session is no more");
  await rig.command("FLUSHALL");
  await delay(50);
  expect(await rig.command("EXISTS", "nplus1:session:ended")).toBe(0);
});

test("another lifetime is a modification, which other nodes see", async () => {
  const [core, other] = [await rig.open(), await rig.open()];
  const session = await core.create("longer", set({ k: 1 }).set, { lifetimeMs: LIFETIME });
  await other.read("longer", session.version);
  await core.touch(session, { lifetimeMs: 60_000, aside: "new" });
  const now = core.newest("longer");
  expect(now).not.toEqual(session.version);
  expect(await other.read("longer", now)).toMatchObject({ lifetimeMs: 60_000, aside: "new" });
  expect(Number(await rig.command("PTTL", "nplus1:session:longer"))).toBeGreaterThan(60_000);
});

test("a touch that the store never got is made good by the next one", async () => {
  const core = await rig.open({ storeTimeoutMs: 200 });
  let session = await core.create("unlucky", set({ k: 1 }).set, { lifetimeMs: 4000 });
  await delay(450);
  rig.redis.signal("SIGSTOP");
  await core.touch(session);
  rig.redis.signal("SIGCONT");
  await until("the store is there", async () => {
    session = (await core.read("unlucky", session.version)) ?? session;
    return true;
  });
  await core.touch(session);
  await until("the life is extended", async () => Number(await rig.command("PTTL", "nplus1:session:unlucky")) > 4000);
});

test("a modification that names no lifetime leaves the one that another node gave", async () => {
  const [core, other] = [await rig.open(), await rig.open()];
  const session = await core.create("kept", set({ k: 1 }).set, { lifetimeMs: LIFETIME, aside: "one" });
  await other.merge(session, set({ j: 1 }), { lifetimeMs: 60_000, aside: "two" });
  expect(await core.merge(session, set({ k: 2 }))).toMatchObject({ lifetimeMs: 60_000, aside: "two" });
});
