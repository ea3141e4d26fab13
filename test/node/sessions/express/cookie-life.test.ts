import { cookieLife } from "../../../../node/sessions/express/cookie-life";

const inMs = (ms: number): Date => new Date(Date.now() + ms);

test.each([
  ["a cookie until the browser is closed", { originalMaxAge: null, expires: null }, undefined],
  ["a cookie with a maxAge", { originalMaxAge: 60_000, expires: inMs(59_000) }, 60_000],
  ["a plain object with a maxAge", { maxAge: 5000 }, 5000],
  ["a cookie that has expired", { originalMaxAge: -1_700_000_000_000, expires: new Date(0) }, 1],
  ["a cookie with no valid date", { originalMaxAge: Number.NaN, expires: new Date(Number.NaN) }, undefined],
  ["parts of a millisecond", { maxAge: 1500.6 }, 1501],
  ["more than 32 bits of milliseconds", { originalMaxAge: 3_000_000_000 }, 3_000_000_000],
])("%s", (_, cookie, lifetimeMs) => {
  expect(cookieLife(cookie, undefined).lifetimeMs).toBe(lifetimeMs);
});

test("a date alone says how long the session lives", () => {
  expect(cookieLife({ expires: inMs(10_000) }, undefined).lifetimeMs).toBeGreaterThan(9900);
  expect(cookieLife({ expires: inMs(10_000).toISOString() }, undefined).lifetimeMs).toBeLessThanOrEqual(10_000);
});

test("a millisecond that express-session's arithmetic loses is no other lifetime", () => {
  expect(cookieLife({ originalMaxAge: 59_999 }, 60_000).lifetimeMs).toBe(60_000);
  expect(cookieLife({ originalMaxAge: 59_000 }, 60_000).lifetimeMs).toBe(59_000);
  expect(cookieLife({ originalMaxAge: 4 }, 5).lifetimeMs).toBe(4);
});

test("without a maxAge the session keeps the lifetime that it has", () => {
  expect(cookieLife({ originalMaxAge: null }, 60_000)).toEqual({ aside: '{"originalMaxAge":null}' });
});

test("a session that is saved without a cookie is found without one", () => {
  expect(cookieLife(undefined, undefined)).toEqual({ aside: "null" });
});
