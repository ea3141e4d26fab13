import { Base } from "../../../../node/sessions/express/base";
import { Bases } from "../../../../node/sessions/express/bases";

const [store, other] = [{}, {}];

test("what a store knows of an object is nobody else's to see", () => {
  const bearer = Object.freeze({ a: 1 });
  const base = new Base(store);
  Bases.put(bearer, base);
  expect(Bases.of(store, bearer)).toBe(base);
  expect(Bases.of(store, { ...bearer })).toBeUndefined();
  expect(Reflect.ownKeys(bearer)).toEqual(["a"]);
});

test("of one object each store knows its own", () => {
  const bearer = {};
  const bases = [new Base(store), new Base(other), new Base(store)] as const;
  Bases.put(bearer, bases[0]);
  expect(Bases.of(other, bearer)).toBeUndefined();
  Bases.put(bearer, bases[1]);
  expect([Bases.of(store, bearer), Bases.of(other, bearer)]).toEqual([bases[0], bases[1]]);
  Bases.put(bearer, bases[2]);
  expect(Bases.of(store, bearer)).toBe(bases[2]);
  expect(Bases.of(other, bearer)).toBe(bases[1]);
});
