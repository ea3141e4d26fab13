import { AnswersMixedUp, StaleEpoch } from "../../../../node/sessions/errors";
import { READ } from "../../../../node/sessions/scripts/read";
import { run, type Store } from "../../../../node/sessions/store";
import { type Stores, startStores, storedAs, write } from "./stores";

let stores: Stores;
let mine: Store;
let theirs: Store;
let id = "";
let count = 0;

beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores.stop());
beforeEach(() => {
  [mine, theirs] = [stores.store(), stores.store()];
  count += 1;
  id = `s${count}`;
});

const valuesOf = async (): Promise<Record<string, string>> => {
  const { fields } = await stores.snapshot(id);
  return Object.fromEntries([...fields].map(([key, { json }]) => [key, json]));
};

test("a new session has the store's clock in its version, and lives a tenth longer than it was told", async () => {
  const before = Date.now();
  const version = storedAs(await write(mine, id, { set: { k: "1" }, lifetimeMs: 10_000, aside: "{}" }));
  expect(version.n).toBeGreaterThanOrEqual(before);
  expect(version.n).toBeLessThanOrEqual(Date.now() + 1);
  const { b, t, c, v, ...rest } = await stores.hash(id);
  expect([b, t, c, v]).toEqual([String(version.n), "10000", "{}", `${version.n}.${version.write}`]);
  expect(rest["f:k"]).toBe(`${version.n}:1`);
  const ttl = Number(await stores.send(["PTTL", `nplus1:session:${id}`]));
  expect(ttl).toBeGreaterThan(10_000);
  expect(ttl).toBeLessThanOrEqual(11_000);
});

test("each write has a greater n, however fast they come", async () => {
  let base = storedAs(await write(mine, id, {}));
  for (let time = 0; time < 200; time += 1) {
    const next = storedAs(await write(mine, id, { base, set: { k: String(time) } }));
    expect(next.n).toBeGreaterThan(base.n);
    base = next;
  }
});

test("two writes on the same base both survive, and what both set is counted", async () => {
  const base = storedAs(await write(mine, id, { set: { a: "0", b: "0", c: "0" } }));
  expect(await write(mine, id, { base, copy: base, set: { a: "1", x: "1" }, remove: ["b"] })).toMatchObject({ is: "stored" });
  const merged = await write(theirs, id, { base, copy: base, set: { x: "2", y: "2", b: "2" }, remove: ["c"] });
  expect(merged).toMatchObject({ is: "whole", moved: true, conflicts: 2 });
  expect(await valuesOf()).toEqual({ a: "1", x: "2", y: "2", b: "2" });
});

test("a write whose copy is the store's needs no session back, and one without a copy gets it", async () => {
  const base = storedAs(await write(mine, id, { set: { a: "0" } }));
  const second = await write(mine, id, { base, copy: base, set: { a: "1" } });
  expect(second.is).toBe("stored");
  expect(await write(mine, id, { base: storedAs(second), set: { a: "2" } })).toMatchObject({ is: "whole", moved: false });
});

test("what is not named stays as it is: the lifetime, the aside", async () => {
  const base = storedAs(await write(mine, id, { lifetimeMs: 5000, aside: "one" }));
  await write(mine, id, { base, set: { k: "1" } });
  expect(await stores.hash(id)).toMatchObject({ t: "5000", c: "one" });
  await write(theirs, id, { base, lifetimeMs: 7000, aside: "" });
  expect(await stores.hash(id)).toMatchObject({ t: "7000", c: "" });
});

test("a write that is sent again is done once, also when others wrote meanwhile", async () => {
  const base = storedAs(await write(mine, id, { set: { k: "0" } }));
  const ticket = mine.nextTicket();
  const first = storedAs(await write(mine, id, { base, ticket, set: { k: "1" } }));
  const other = storedAs(await write(theirs, id, { base: first, set: { k: "2" } }));
  expect(storedAs(await write(mine, id, { base, ticket, set: { k: "1" } }))).toEqual(other);
  expect(await valuesOf()).toEqual({ k: "2" });
});

test("a write that was given up and arrives after a later one is not done any more", async () => {
  const base = storedAs(await write(mine, id, { set: { k: "0" } }));
  const [early, late] = [mine.nextTicket(), mine.nextTicket()];
  await write(mine, id, { base, ticket: late, set: { k: "late" } });
  await write(mine, id, { base, ticket: early, set: { k: "early" } });
  expect(await valuesOf()).toEqual({ k: "late" });
});

test("compare-and-set writes only on the version it knows", async () => {
  const base = storedAs(await write(mine, id, { set: { k: "0" } }));
  expect((await write(mine, id, { mode: "cas", base, copy: base, set: { k: "1" } })).is).toBe("stored");
  const conflict = await write(theirs, id, { mode: "cas", base, set: { k: "2" } });
  expect(conflict.is === "conflict" && conflict.snapshot.fields.get("k")?.json).toBe("1");
  expect(await valuesOf()).toEqual({ k: "1" });
});

test("a session is added only where none lives", async () => {
  expect((await write(mine, id, { mode: "add", set: { k: "1" } })).is).toBe("stored");
  expect((await write(theirs, id, { mode: "add", set: { k: "2" } })).is).toBe("conflict");
  await mine.destroy({ id, expected: undefined, copy: undefined, ticket: mine.nextTicket() });
  expect((await write(theirs, id, { mode: "add", set: { k: "3" } })).is).toBe("whole");
  expect(await valuesOf()).toEqual({ k: "3" });
});

test("a session that is added again by its own retry is no conflict", async () => {
  const ticket = mine.nextTicket();
  await write(mine, id, { mode: "add", ticket, set: { k: "1" } });
  expect((await write(mine, id, { mode: "add", ticket, set: { k: "1" } })).is).toBe("whole");
});

test("a write to a session that the store does not have changes nothing", async () => {
  expect(await write(mine, id, { base: { n: 5, write: "w-1" }, set: { k: "1" } })).toEqual({ is: "missing" });
  expect(await stores.send(["EXISTS", `nplus1:session:${id}`])).toBe(0);
});

test("a write on what the store has lost changes nothing until it is given back", async () => {
  const base = storedAs(await write(mine, id, { set: { k: "0" } }));
  const lost = { n: base.n + 1000, write: "other-1" };
  expect(await write(mine, id, { base: lost, set: { k: "1" } })).toEqual({ is: "missing" });
  expect(await write(mine, id, { base, copy: lost, set: { k: "1" } })).toEqual({ is: "missing" });
  expect(await valuesOf()).toEqual({ k: "0" });
});

test("a session that is created where one lives has nothing of it, and late writes to that one are refused", async () => {
  const base = storedAs(await write(mine, id, { set: { old: "1" } }));
  await write(theirs, id, { set: { new: "1" } });
  expect(await write(mine, id, { base, set: { late: "1" } })).toEqual({ is: "gone" });
  expect(await valuesOf()).toEqual({ new: "1" });
});

test("a session over the limit is refused with its size, and nothing is changed", async () => {
  const base = storedAs(await write(mine, id, { set: { a: "x".repeat(60) }, aside: "0123456789" }));
  await write(theirs, id, { base, set: { b: "é".repeat(10) } });
  const before = await stores.hash(id);
  // 1 + 60 + 1 + 20 + 10, and c with 9.
  expect(await write(mine, id, { base, copy: base, set: { c: "y".repeat(8) }, limitBytes: 100 })).toEqual({ is: "large", bytes: 101 });
  expect(await stores.hash(id)).toEqual(before);
  expect((await write(mine, id, { base, copy: base, set: { c: "y".repeat(7) }, limitBytes: 100 })).is).toBe("whole");
  expect((await write(mine, id, { base, copy: base, set: { d: "y".repeat(60) }, remove: ["a"], limitBytes: 101 })).is).toBe("whole");
});

test("a release whose epoch is over writes nothing", async () => {
  await stores.send(["SET", "nplus1:epoch", "7"]);
  const old = stores.store(6);
  await expect(write(old, id, { set: { k: "1" } })).rejects.toThrow(new StaleEpoch(6, 7).message);
  await expect(old.destroy({ id, expected: undefined, copy: undefined, ticket: old.nextTicket() })).rejects.toThrow(StaleEpoch);
  expect((await write(stores.store(7), id, { set: { k: "1" } })).is).toBe("stored");
  expect((await write(stores.store(8), `${id}-8`, { set: { k: "1" } })).is).toBe("stored");
  await stores.send(["DEL", "nplus1:epoch"]);
});

test("thousands of deletions are forgotten, and writers of the day before", async () => {
  let base = storedAs(await write(mine, id, {}));
  await stores.send(["HSET", `nplus1:session:${id}`, "w:ancient", "5:1000", "w:recent", `5:${Date.now()}`]);
  const names = (prefix: string): string[] => Array.from({ length: 1500 }, (_, index) => `${prefix}${index}`);
  base = storedAs(await write(theirs, id, { base, remove: names("a") }));
  base = storedAs(await write(mine, id, { base, remove: names("b") }));
  const hash = await stores.hash(id);
  expect(Object.keys(hash).filter((name) => name.startsWith("x:")).length).toBe(1500);
  expect(hash["x:b0"]).toBe(String(base.n));
  expect(Object.keys(hash)).not.toContain("w:ancient");
  expect(Object.keys(hash)).toContain("w:recent");
});

test("keys are kept as they are, whatever is in them", async () => {
  const keys = ["", ":", "f:x", "__proto__", "a\nb", "é€😀", "\u0000", "'\"\\", " "];
  await write(mine, id, { set: Object.fromEntries(keys.filter((key) => key !== "__proto__").map((key) => [key, `"${key}"`])) });
  expect([...(await stores.snapshot(id)).fields.keys()].sort()).toEqual(keys.filter((key) => key !== "__proto__").sort());
});

test("an answer to another question is never taken for a session", async () => {
  await write(mine, id, { set: { secret: "1" } });
  const mixedUp = async (): Promise<unknown> => ["whole", "1.w-1", 1000, ["f:secret", "1:1"], `nplus1:session:${id}`];
  await expect(run(mixedUp, READ, ["nplus1:session:another"], [""])).rejects.toThrow(AnswersMixedUp);
  await expect(run(async () => null, READ, ["nplus1:session:another"], [""])).rejects.toThrow(AnswersMixedUp);
});
