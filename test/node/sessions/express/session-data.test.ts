import { changeOf, dataOf, fieldsOf } from "../../../../node/sessions/express/session-data";
import type { Snapshot } from "../../../../node/sessions/model";

const snapshot = (fields: Record<string, string>, aside = '{"originalMaxAge":null,"path":"/"}', endsInMs = 60_000): Snapshot => ({
  id: "id",
  version: { n: 1, write: "w-1" },
  fields: new Map(Object.entries(fields).map(([name, json]) => [name, { json, stamp: 1 }])),
  tombstones: new Map(),
  writers: new Map(),
  born: 1,
  aside,
  lifetimeMs: 60_000,
  endsAt: performance.now() + endsInMs,
});

test("data has the keys and the cookie, and new objects each time", () => {
  const copy = snapshot({ cart: '[["tea",2]]', user: '"bob"' });
  expect(dataOf(copy)).toEqual({ cookie: { originalMaxAge: null, path: "/" }, cart: [["tea", 2]], user: "bob" });
  expect((dataOf(copy) as any).cart).not.toBe((dataOf(copy) as any).cart);
});

test("a session without a cookie of its own, as the loopback interface makes them, gets an empty one", () => {
  expect(dataOf(snapshot({}, ""))).toEqual({ cookie: { originalMaxAge: null } });
  expect(dataOf(snapshot({ a: "1" }, "null"))).toEqual({ a: 1 });
});

test("a session that lives has a cookie that has not expired, though the store was told of an earlier end", () => {
  const past = new Date(Date.now() - 1000).toISOString();
  const data = dataOf(snapshot({}, JSON.stringify({ originalMaxAge: 60_000, expires: past }), 5000));
  const cookie = data.cookie as unknown as { expires: string };
  const leftMs = Date.parse(cookie.expires) - Date.now();
  expect(leftMs).toBeGreaterThan(4500);
  expect(leftMs).toBeLessThanOrEqual(5000);
});

test("keys that would change the prototype, or stand in for the cookie, are not taken over", () => {
  const data = dataOf(snapshot({ ["__proto__"]: '{"admin":true}', cookie: '"mine"' })) as any;
  expect(data.admin).toBeUndefined();
  expect(data.cookie).toEqual({ originalMaxAge: null, path: "/" });
});

test("fields are what JSON.stringify writes of the session", () => {
  const session = { cookie: {}, a: [1], b: undefined, c: () => 1, d: new Date(0), e: null, f: { toJSON: () => "as told" } };
  expect(Object.fromEntries(fieldsOf(session))).toEqual({ a: "[1]", d: '"1970-01-01T00:00:00.000Z"', e: "null", f: '"as told"' });
});

test("only what differs is a change, also deep inside an object", () => {
  const stored = fieldsOf({ same: { a: [1, 2] }, deep: { a: { b: 1 } }, gone: 1, unset: 2 });
  const session = { same: { a: [1, 2] }, deep: { a: { b: 2 } }, unset: undefined, added: "x" };
  const { set, remove } = changeOf(session, fieldsOf(session), stored);
  expect(Object.fromEntries(set)).toEqual({ deep: '{"a":{"b":2}}', added: '"x"' });
  expect([...remove].sort()).toEqual(["gone", "unset"]);
});

test("a key that the session's class has, and that the session so never took over, is not removed", () => {
  class Session {
    save(): void {}
  }
  const stored = new Map([["save", '"a key"']]);
  expect(changeOf(new Session(), new Map(), stored).remove.size).toBe(0);
  expect(changeOf({ cookie: {} }, new Map(), new Map([["cookie", '"made elsewhere"']])).remove.size).toBe(0);
});
