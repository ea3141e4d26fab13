import fc from "fast-check";
import { VersionCookie, versionCookieName } from "../../../node/sessions/version-cookie";

const id = "Vx6sZ3cJ0m1b9aQk";
const version = { n: 12, write: "w8f3-40" };
const cookie = new VersionCookie("keyboard cat");

test("the cookie stands beside the session's", () => {
  expect(versionCookieName("shop.sid")).toBe("shop.sid.v");
});

test("a version is readable, followed by 128 bits of signature, and needs no escapes in a cookie", () => {
  expect(cookie.print(id, version)).toMatch(/^12\.w8f3-40\.[\w-]{22}$/);
  expect(cookie.print(id, { ...version })).toBe(cookie.print(id, version));
});

test.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["no signature", "12.w8f3-40"],
  ["no version", `.${cookie.print(id, version).slice(11)}`],
  ["a higher number", cookie.print(id, version).replace("12.", "13.")],
  ["another write", cookie.print(id, version).replace("-40", "-41")],
  ["a shorter signature", cookie.print(id, version).slice(0, -1)],
  ["a longer signature", `${cookie.print(id, version)}AAAA`],
  ["the signature of another session", cookie.print("another", { ...version })],
  ["the signature of another secret", new VersionCookie("other").print(id, { ...version })],
])("%s is no version that a client has seen", (_, value) => {
  expect(cookie.read(id, value, undefined)).toBeUndefined();
  expect(cookie.read(id, value, { n: 13, write: "other-1" })).toBeUndefined();
});

test("what was printed is read back, and only for its own session", () => {
  const write = fc.stringMatching(/^[\w-]{1,40}$/);
  const name = fc.stringMatching(/^[!-~]{1,60}$/);
  fc.assert(
    fc.property(name, name, fc.integer({ min: 1, max: 1e14 }), write, (own, other, n, by) => {
      const printed = cookie.print(own, { n, write: by });
      expect(cookie.read(own, printed, undefined)).toEqual({ n, write: by });
      if (other !== own) expect(cookie.read(other, printed, undefined)).toBeUndefined();
    }),
  );
});

test("the version that is known here is recognised by its text, without a new signature", () => {
  const newest = { ...version };
  const printed = cookie.print(id, newest);
  expect(cookie.read(id, printed, newest)).toBe(newest);
});

test("a text that another process printed is verified once, and recognised from then on", () => {
  const printed = new VersionCookie("keyboard cat").print(id, { ...version });
  const newest = { ...version };
  expect(cookie.read(id, printed, newest)).toEqual(version);
  expect(cookie.read(id, printed, newest)).toBe(newest);
});

test("the first secret signs and all are accepted, so that secrets can be exchanged", () => {
  const old = new VersionCookie("old").print(id, { ...version });
  const both = new VersionCookie(["new", "old"]);
  expect(both.read(id, old, undefined)).toEqual(version);
  expect(both.print(id, { ...version })).toBe(new VersionCookie("new").print(id, { ...version }));
});

test("secrets may be bytes", () => {
  const bytes = new VersionCookie(Buffer.from("keyboard cat"));
  expect(bytes.print(id, { ...version })).toBe(cookie.print(id, version));
});

test.each([[undefined], [""], [[]], [["a", ""]]])("fails without a secret: %j", (secret) => {
  expect(() => new VersionCookie(secret)).toThrow("secret: must be a text or bytes, or a list of them of which the first signs, got none");
});
