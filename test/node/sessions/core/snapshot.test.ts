import { StoreRefused } from "../../../../node/sessions/errors";
import { changed, memoryBytes, sessionBytes, snapshotOf, ttlOf } from "../../../../node/sessions/snapshot";

const HASH = ["v", "7.w-3", "b", "5", "t", "1000", "c", "{}", "f:a:b", '6:"x:y"', "x:gone", "7", "w:w", "3:7", "w:v-v", "12:6", "f:", "5:1"];
const stored = snapshotOf("id", { version: "7.w-3", ttlMs: 900, hash: HASH }, 100);

test("a hash is a session: keys with colons, the empty key, deletions and writers", () => {
  expect(stored).toEqual({
    id: "id",
    version: { n: 7, write: "w-3" },
    born: 5,
    lifetimeMs: 1000,
    aside: "{}",
    endsAt: 1000,
    fields: new Map([
      ["a:b", { stamp: 6, json: '"x:y"' }],
      ["", { stamp: 5, json: "1" }],
    ]),
    tombstones: new Map([["gone", 7]]),
    writers: new Map([
      ["w", 3],
      ["v-v", 12],
    ]),
  });
});

test("fails when the store holds a version that is none, without telling what it is", () => {
  expect(() => snapshotOf("id", { version: "secret", ttlMs: 1, hash: [] }, 0)).toThrow(StoreRefused);
  expect(() => snapshotOf("id", { version: "secret", ttlMs: 1, hash: [] }, 0)).not.toThrow(/secret/);
});

test("a change makes another session and leaves the first as it was", () => {
  const change = { set: new Map([["gone", "2"]]), remove: new Set(["a:b", "never"]) };
  const after = changed(stored, change, { n: 9, write: "u-1" }, { lifetimeMs: undefined, aside: undefined, now: 50 });
  expect(after).toMatchObject({ version: { n: 9, write: "u-1" }, lifetimeMs: 1000, aside: "{}", endsAt: 1050, born: 5 });
  expect([...after.fields]).toEqual([
    ["", { stamp: 5, json: "1" }],
    ["gone", { stamp: 9, json: "2" }],
  ]);
  expect([...after.tombstones]).toEqual([
    ["a:b", 9],
    ["never", 9],
  ]);
  expect(after.writers.get("u")).toBe(1);
  expect(stored.fields.size).toBe(2);
  expect(stored.writers.has("u")).toBe(false);
});

test("a change may name another lifetime and another aside", () => {
  const none = { set: new Map(), remove: new Set<string>() };
  const after = changed(stored, none, { n: 9, write: "u-1" }, { lifetimeMs: 20, aside: "", now: 50 });
  expect(after).toMatchObject({ lifetimeMs: 20, aside: "", endsAt: 70 });
});

test("a copy forgets old deletions when there are thousands", () => {
  const remove = new Set(Array.from({ length: 1500 }, (_, index) => `k${index}`));
  const use = { lifetimeMs: undefined, aside: undefined, now: 0 };
  const once = changed(stored, { set: new Map(), remove }, { n: 8, write: "w-4" }, use);
  expect(once.tombstones.size).toBe(1501);
  const others = new Set([...remove].map((name) => `other-${name}`));
  expect(changed(once, { set: new Map(), remove: others }, { n: 9, write: "w-5" }, use).tombstones.size).toBe(1500);
});

test("a session's bytes are those of UTF-8", () => {
  expect(sessionBytes([["é", '"€"']], "aside")).toBe(2 + 5 + 5);
});

test("an estimate of memory grows with the text, twice as fast with text that is not ASCII", () => {
  const holding = (json: string): number => memoryBytes({ ...stored, fields: new Map([["k", { stamp: 1, json }]]) });
  expect(holding("a".repeat(1000)) - holding("")).toBe(1000);
  expect(holding("€".repeat(1000)) - holding("")).toBe(2000);
});

test("a key outlives its session by a tenth", () => {
  expect(ttlOf(1000)).toBe(1100);
  expect(ttlOf(1)).toBe(2);
});
