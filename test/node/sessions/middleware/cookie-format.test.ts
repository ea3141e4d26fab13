import { createRequire } from "node:module";
import * as fc from "fast-check";
import { carriedCookies } from "../../../../node/sessions/middleware/request-cookies";
import { newSessionId } from "../../../../node/sessions/middleware/session-id";
import { SessionCookie } from "../../../../node/sessions/middleware/session-cookie";
import { setCookie } from "../../../../node/sessions/middleware/set-cookie";
import { SignedIds } from "../../../../node/sessions/middleware/signed-ids";

/** What others use has no types for what is compared here. */
const load = createRequire(__filename);
const signAsOthers = load("cookie-signature").sign as (id: string, secret: string) => string;
const { Cookie } = load("express-session") as { Cookie: new (options: object) => SessionCookie };

const NAMES = { session: "connect.sid=", version: "connect.sid.v=" };
const encoded = (id: string, secret: string): string => encodeURIComponent(`s:${signAsOthers(id, secret)}`);

describe("signed ids", () => {
  const ids = new SignedIds(["new", Buffer.from("old")]);

  test("are signed as express-session signs them, by the first secret", () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (id) => expect(ids.sign(id).text).toBe(encoded(id, "new"))));
  });

  test("are accepted from any of the secrets, and sent back signed by the first", () => {
    for (let round = 0; round < 2; round += 1) {
      expect(ids.verify(encoded("a.b", "new"))).toEqual({ id: "a.b", text: encoded("a.b", "new") });
      expect(ids.verify(encoded("a.b", "old"))).toEqual({ id: "a.b", text: encoded("a.b", "new") });
    }
  });

  test.each([
    encoded("id", "other"),
    "id",
    "s%3Aid",
    "s:id.",
    "s%3A.",
    "%",
    "s%3A%",
    "",
    encoded("id", "new").slice(0, -1),
    `${encoded("id", "new")}x`,
    encoded("id", "new").slice(4),
  ])("refuse %j", (text) => {
    expect(ids.verify(text)).toBeUndefined();
    expect(ids.verify(text)).toBeUndefined();
  });
});

test("new ids are 192 random bits each", () => {
  const made = new Set(Array.from({ length: 1000 }, newSessionId));
  expect(made.size).toBe(1000);
  for (const id of made) expect(id).toMatch(/^[\w-]{32}$/);
});

test.each([
  [undefined, [undefined, undefined]],
  ["connect.sid=a; connect.sid.v=b", ["a", "b"]],
  ["connect.sid.v=b;connect.sid=a", ["a", "b"]],
  ["x=connect.sid=no;  connect.sid=a ; connect.sid=second", ["a", undefined]],
  ['connect.sid="a"; other', ["a", undefined]],
  ["connect.sidx=no; xconnect.sid=no; connect.sid", [undefined, undefined]],
  ["connect.sid=; ;;", ["", undefined]],
])("of the Cookie header %j the session's cookies are %j", (header, expected) => {
  const { session, version } = carriedCookies(header, NAMES);
  expect([session, version]).toEqual(expected);
});

test("a session's cookie is written as express-session writes it", () => {
  const options = fc.record(
    {
      path: fc.constantFrom("/", "/admin"),
      domain: fc.constantFrom("example.com", undefined),
      httpOnly: fc.boolean(),
      secure: fc.boolean(),
      partitioned: fc.boolean(),
      priority: fc.constantFrom("low", "medium", "high"),
      sameSite: fc.constantFrom(true, false, "lax", "strict", "none"),
      expires: fc.constantFrom(null, new Date(86_400_000)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(options, (some) => {
      const [ours, theirs] = [new SessionCookie(some), new Cookie(some)];
      expect(ours.serialize("a", "b c")).toBe(theirs.serialize("a", "b c"));
      expect(JSON.parse(JSON.stringify({ ...ours.data, originalMaxAge: null }))).toEqual(
        JSON.parse(JSON.stringify({ ...theirs.data, originalMaxAge: null })),
      );
    }),
  );
});

test("the age of a cookie moves its end, and is what each use gives back to it", () => {
  const cookie = new SessionCookie({ maxAge: 60_000 });
  cookie.expires = new Date(Date.now() + 10_000);
  expect(cookie.originalMaxAge).toBeGreaterThan(9000);
  cookie.maxAge = 5000;
  expect([cookie.originalMaxAge, cookie.maxAge > 4000, cookie.expires instanceof Date]).toEqual([5000, true, true]);
  cookie.maxAge = null;
  expect([cookie.originalMaxAge, cookie.maxAge, cookie.expires]).toEqual([null, null, null]);
  expect(() => (cookie.maxAge = "soon" as never)).toThrow("session cookie/maxAge: must be a number of milliseconds, got soon");
});

test.each([
  [{ domain: "a; HttpOnly" }, "session cookie/domain: must be plain text without a semicolon"],
  [{ path: "/a\r\nX: 1" }, "session cookie/path: must be plain text without a semicolon"],
  [{ sameSite: "lax; x" }, "session cookie/sameSite: must be plain text without a semicolon"],
  [{ expires: new Date(Number.NaN) }, "session cookie/expires: must be a valid Date"],
])("fails for %j, which would be another cookie", (attributes, message) => {
  expect(() => setCookie("a=b", attributes)).toThrow(message);
});
