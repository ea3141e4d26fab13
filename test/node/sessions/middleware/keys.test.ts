import * as fc from "fast-check";
import { Keys } from "../../../../node/sessions/middleware/keys";
import type { Field } from "../../../../node/sessions/model";

const fields = (values: Record<string, unknown>): Map<string, Field> =>
  new Map(Object.entries(values).map(([name, value]) => [name, { json: JSON.stringify(value), stamp: 1 }]));

test("what is only read is no change", () => {
  const keys = new Keys(fields({ user: { name: "ann", tags: ["a"] }, count: 1 }));
  expect([keys.get("user"), keys.get("count"), keys.get("none")]).toEqual([{ name: "ann", tags: ["a"] }, 1, undefined]);
  expect(keys.change()).toBeUndefined();
});

test("an object is the same at each reading", () => {
  const keys = new Keys(fields({ user: {} }));
  expect(keys.get("user")).toBe(keys.get("user"));
});

test("a change deep inside an object is found", () => {
  const keys = new Keys(fields({ cart: { items: [{ n: 1 }] }, other: 1 }));
  (keys.get("cart") as any).items[0].n = 2;
  expect(keys.change()).toEqual({ set: new Map([["cart", '{"items":[{"n":2}]}']]), remove: new Set() });
});

test("setting the same value again is no change", () => {
  const keys = new Keys(fields({ count: 1, user: { a: 1 } }));
  keys.set("count", 1);
  keys.set("user", { a: 1 });
  expect(keys.change()).toBeUndefined();
});

test("text with other spaces, which another program wrote, is no change", () => {
  const keys = new Keys(new Map([["user", { json: '{ "a": 1 }', stamp: 1 }]]));
  keys.get("user");
  expect(keys.change()).toBeUndefined();
});

test("a removed key is removed once, and a key that was never stored not at all", () => {
  const keys = new Keys(fields({ a: 1 }));
  keys.remove("a");
  keys.set("b", 1);
  keys.remove("b");
  const change = keys.change()!;
  expect(change).toEqual({ set: new Map(), remove: new Set(["a"]) });
  keys.settle(change);
  expect([keys.change(), keys.has("a"), keys.names()]).toEqual([undefined, false, []]);
});

test("a value that JSON does not know is stored by nobody", () => {
  const keys = new Keys(fields({ a: 1 }));
  keys.set("a", undefined);
  keys.set("f", () => 1);
  expect(keys.change()).toEqual({ set: new Map(), remove: new Set(["a"]) });
});

test("what is changed while a change is being stored is another change", () => {
  const keys = new Keys(fields({}));
  keys.set("a", 1);
  keys.set("gone", 1);
  const change = keys.change()!;
  keys.set("a", 2);
  keys.remove("gone");
  keys.settle(change);
  expect(keys.change()).toEqual({ set: new Map([["a", "2"]]), remove: new Set(["gone"]) });
});

test("after an update, objects that nobody changed stay the session's, others are new", () => {
  const keys = new Keys(fields({ mine: { a: 1 }, theirs: { a: 1 }, now: { a: 1 } }));
  const [mine, theirs, now] = ["mine", "theirs", "now"].map((name) => keys.get(name) as any);
  now.a = 3;
  keys.renew(fields({ mine: { a: 1 }, theirs: { a: 2 }, now: { a: 1 }, fresh: 1 }));
  expect([keys.get("mine") === mine, keys.get("theirs") === theirs, keys.get("theirs"), keys.get("fresh")]).toEqual([true, false, { a: 2 }, 1]);
  expect(keys.change()).toEqual({ set: new Map([["now", '{"a":3}']]), remove: new Set() });
});

test("fails with the key's name when JSON cannot hold the value", () => {
  const keys = new Keys(fields({}));
  keys.set("big", 1n);
  expect(() => keys.change()).toThrow('session key "big": must hold what JSON can hold');
});

test("a change, applied, makes of the stored keys what the program sees", () => {
  const value = fc.jsonValue();
  const name = fc.constantFrom("a", "b", "c", "__proto__");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), name, value }),
    fc.record({ kind: fc.constant("remove" as const), name }),
    fc.record({ kind: fc.constant("push" as const), name, value }),
    fc.record({ kind: fc.constant("settle" as const) }),
  );
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), fc.array(step, { maxLength: 12 }), (start, steps) => {
      const store = fields(start);
      const keys = new Keys(new Map(store));
      const settle = (): void => {
        const change = keys.change();
        for (const gone of change?.remove ?? []) store.delete(gone);
        for (const [key, json] of change?.set ?? []) store.set(key, { json, stamp: 2 });
        if (change) keys.settle(change);
      };
      for (const next of steps) {
        if (next.kind === "set") keys.set(next.name, structuredClone(next.value));
        if (next.kind === "remove") keys.remove(next.name);
        if (next.kind === "settle") settle();
        if (next.kind === "push") {
          const at = keys.get(next.name);
          if (Array.isArray(at)) at.push(structuredClone(next.value));
        }
      }
      settle();
      expect(keys.change()).toBeUndefined();
      expect(new Set(keys.names())).toEqual(new Set(store.keys()));
      for (const [key, { json }] of store) expect(JSON.stringify(keys.get(key))).toBe(json);
    }),
  );
});
