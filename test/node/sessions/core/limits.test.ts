import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InvalidSessionId, InvalidSessionKey, SessionTooLarge } from "../../../../node/sessions/errors";
import { openSessions } from "../../../../node/sessions/open";
import { type Rig, remove, set, startRig, valuesOf } from "./rig";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("10,000 sessions of 20 kB take no more memory than they are given", async () => {
  const core = await rig.open({ memoryBytes: 8 * 1024 * 1024 });
  const create = (index: number) => core.create(`big-${index}`, new Map([["k", JSON.stringify(String(index % 10).repeat(20_000))]]));
  for (let index = 0; index < 500; index += 1) await create(index);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 500; index < 10_500; index += 50) await Promise.all(Array.from({ length: 50 }, (_, more) => create(index + more)));
  collect();
  // Without a bound it would be 200 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
  expect(core.newest("big-10499")).toBeDefined();
  expect(core.newest("big-600")).toBeUndefined();
  await rig.command("FLUSHALL");
  await core.close();
}, 60_000);

test("a session over the limit is refused with its size, whatever made it too large, and nothing is changed", async () => {
  const [core, other] = [await rig.open({ maxSessionBytes: 2000 }), await rig.open({ maxSessionBytes: 2000 })];
  await expect(core.create("l", new Map([["k", "1".repeat(2000)]]))).rejects.toThrow(
    "the session must have at most 2000 bytes, got 2001; nothing was changed",
  );
  const session = await core.create("l", new Map([["k", "1".repeat(999)]]));
  await expect(core.merge(session, { set: new Map([["j", "1".repeat(1000)]]), remove: new Set() })).rejects.toMatchObject({
    code: "session-too-large",
    status: 413,
    bytes: 2001,
    limitBytes: 2000,
  });
  expect(core.peek("l", session.version)).toBe(session);
  const second = await other.merge(session, { set: new Map([["i", "1".repeat(900)]]), remove: new Set() });
  await expect(core.merge(session, { set: new Map([["j", "1".repeat(100)]]), remove: new Set() })).rejects.toThrow(SessionTooLarge);
  await expect(core.update("l", () => ({ set: new Map([["j", "1".repeat(100)]]), remove: new Set() }))).rejects.toThrow(SessionTooLarge);
  expect(await core.read("l", undefined)).toMatchObject({ version: second.version });
  const smaller = await core.merge(session, { set: new Map([["j", "1".repeat(100)]]), remove: new Set(["k"]) });
  expect([...smaller.fields.keys()].sort()).toEqual(["i", "j"]);
});

test.each([
  ["empty", ""],
  ["with a space", "a b"],
  ["with a line", "a\nb"],
  ["with a NUL", "a\0b"],
  ["not ASCII", "é"],
  ["too long", "x".repeat(129)],
])("fails when an id is %s", async (_, id) => {
  const core = await rig.open();
  for (const refused of [core.read(id, undefined), core.create(id, new Map()), core.update(id, () => set({})), core.destroy(id)]) {
    await expect(refused).rejects.toThrow(InvalidSessionId);
  }
  expect(core.peek(id, { n: 1, write: "w-1" })).toBeUndefined();
  await core.close();
});

test.each(["x".repeat(128), "*", "a:b", "{a}", "../../etc", "%00", "[abc]", "'\"\\`$(x)", "__proto__", "constructor"])("%j is an id", async (id) => {
  const core = await rig.open();
  const session = await core.create(id, set({ k: id }).set);
  expect(valuesOf(await core.merge(session, set({ j: 1 })))).toEqual({ k: id, j: 1 });
  expect(valuesOf(await core.read(id, undefined))).toEqual({ k: id, j: 1 });
  expect(await core.ids()).toContain(id);
  expect(await core.destroy(id)).toBe(true);
  expect(await core.ids()).not.toContain(id);
  await core.close();
});

test("fails when a key has no form in UTF-8", async () => {
  const core = await rig.open();
  const session = await core.create("keys", new Map());
  await expect(core.merge(session, set({ "\ud800": 1 }))).rejects.toThrow(InvalidSessionKey);
  await expect(core.create("other", set({ "a\udc00": 1 }).set)).rejects.toThrow(InvalidSessionKey);
  await expect(core.update("keys", () => set({ "\ud800": 1 }))).rejects.toThrow(InvalidSessionKey);
  expect(valuesOf(await core.merge(session, set({ "😀": 1 })))).toEqual({ "😀": 1 });
});

test("a session of thousands of keys is a session", async () => {
  const core = await rig.open({ maxSessionBytes: 8 * 1024 * 1024 });
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, index]));
  let session = await core.create("many", set(many).set);
  session = await core.merge(session, remove(...Object.keys(many).slice(10)));
  expect(valuesOf(session)).toEqual(valuesOf(await core.read("many", undefined)));
  expect(session.fields.size).toBe(10);
});

test("thousands of sessions are listed and cleared", async () => {
  const core = await rig.open();
  await rig.command("FLUSHALL");
  for (let index = 0; index < 5000; index += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, more) => core.create(`listed-${index + more}`, new Map())));
  }
  expect((await core.ids()).filter((id) => id.startsWith("listed-")).length).toBe(5000);
  await core.clear();
  expect(await core.ids()).toEqual([]);
}, 30_000);

test.each([
  [{ url: "http://x" }, "sessions: url: must be a URL that begins with redis:// or rediss://"],
  [{ url: "redis://x", lifetimeMs: 0 }, "sessions: lifetimeMs:"],
  [{ url: "redis://x", storeTimeoutMs: 99 }, "sessions: storeTimeoutMs:"],
  [{ url: "redis://x", durability: "disk" }, "sessions: durability:"],
  [{ url: "redis://x", unknown: 1 }, "sessions: "],
])("fails when the options are %j", (options, message) => {
  expect(() => openSessions(options as never)).toThrow(message);
});
