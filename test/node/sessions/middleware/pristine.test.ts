import * as fc from "fast-check";
import { Keys } from "../../../../node/sessions/middleware/keys";
import { Pristine } from "../../../../node/sessions/middleware/pristine";
import { PristineValues } from "../../../../node/sessions/middleware/pristine-values";
import type { Field } from "../../../../node/sessions/model";

const object = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }));
const parsed = (json: string): object => JSON.parse(json) as object;

test("a copy is the same text, shares no object, and matches", () => {
  fc.assert(
    fc.property(object, (value) => {
      const json = JSON.stringify(value);
      const pristine = Pristine.of(parsed(json))!;
      const [one, other] = [pristine.copy(), pristine.copy()];
      expect(JSON.stringify(one)).toBe(json);
      expect(pristine.matches(one)).toBe(true);
      const inside = (at: unknown): object[] => (typeof at === "object" && at !== null ? [at, ...Object.values(at).flatMap(inside)] : []);
      const shared = new Set(inside(one));
      for (const at of inside(other)) expect(shared.has(at)).toBe(false);
    }),
  );
});

test("a key that is a prototype's name is copied as a key", () => {
  const json = '{"__proto__":{"a":{"__proto__":[1]}},"constructor":{"b":1}}';
  const pristine = Pristine.of(parsed(json))!;
  const copy = pristine.copy();
  expect([JSON.stringify(copy), Object.getPrototypeOf(copy) === Object.prototype, pristine.matches(copy)]).toEqual([json, true, true]);
});

test("what matches has the same text, whatever it is", () => {
  const near = (json: string): fc.Arbitrary<unknown> =>
    fc.oneof(
      object,
      fc.tuple(fc.nat(30), fc.jsonValue()).map(([at, value]) => {
        let n = 0;
        return JSON.parse(json, (_key, old: unknown) => (n++ === at ? value : old)) as unknown;
      }),
    );
  fc.assert(
    fc.property(
      object.chain((value) => fc.tuple(fc.constant(JSON.stringify(value)), near(JSON.stringify(value)))),
      ([json, other]) => {
        if (Pristine.of(parsed(json))!.matches(other)) expect(JSON.stringify(other)).toBe(json);
      },
    ),
  );
});

class Money {
  readonly amount = 1;
  toJSON(): string {
    return "1 EUR";
  }
}

test.each<[string, string, unknown]>([
  ["keys in another order", '{"a":1,"b":2}', { b: 2, a: 1 }],
  ["an object of a class that writes itself in its own way", '{"amount":1}', new Money()],
  ["a list that is another class", "[1]", new (class extends Array<number> {})(1).fill(1)],
  ["a key more", '{"a":1}', { a: 1, b: undefined }],
  ["a key less", '{"a":1,"b":2}', { a: 1 }],
  ["a longer list", "[1]", [1, 2]],
  ["a list for an object", "{}", []],
  ["an object for a list", "[]", {}],
  ["null", "{}", null],
  ["NaN for null", "[null]", [Number.NaN]],
])("%s does not match", (_title, json, value) => {
  expect(Pristine.of(parsed(json))!.matches(value)).toBe(false);
});

test("a value that is too deep is left to its text", () => {
  expect(Pristine.of(parsed("[".repeat(101) + "]".repeat(101)))).toBeUndefined();
  expect(Pristine.of(parsed("[".repeat(100) + "]".repeat(100)))).toBeDefined();
});

test("requests that read the same object do not see each other's changes, and each of them is found", () => {
  const values = new PristineValues();
  const fields = new Map<string, Field>([["cart", { json: '{"items":[{"n":1}],"note":null}', stamp: 1 }]]);
  for (let request = 0; request < 4; request += 1) {
    const keys = new Keys(fields, values);
    const cart = keys.get("cart") as any;
    expect(cart).toEqual({ items: [{ n: 1 }], note: null });
    expect(keys.change()).toBeUndefined();
    cart.items[0].n = request + 2;
    const change = keys.change()!;
    expect(change).toEqual({ set: new Map([["cart", `{"items":[{"n":${request + 2}}],"note":null}`]]), remove: new Set() });
    keys.settle(change);
    expect(keys.change()).toBeUndefined();
    cart.items[0].n = 1;
    expect(keys.change()?.set.get("cart")).toBe('{"items":[{"n":1}],"note":null}');
  }
});
