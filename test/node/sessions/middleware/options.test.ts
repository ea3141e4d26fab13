import { checkSessionOptions, secretsOf } from "../../../../node/sessions/middleware/session-options";
import { session } from "../../../../node/sessions/middleware/session-middleware";
import { FakeSessions } from "./fake-sessions";

test("all options of express-session that make sense are accepted", () => {
  expect(() =>
    checkSessionOptions({
      secret: ["a", Buffer.from("b")],
      name: "sid",
      cookie: {
        maxAge: 1,
        expires: new Date(),
        httpOnly: true,
        secure: "auto",
        sameSite: "auto",
        path: "/",
        domain: "example.com",
        priority: "high",
        partitioned: true,
      },
      proxy: true,
      rolling: true,
      saveUninitialized: true,
      resave: true,
      genid: () => "id",
      unset: "destroy",
      store: new FakeSessions(),
      onError: () => undefined,
    }),
  ).not.toThrow();
  expect(() => checkSessionOptions({ cookie: { maxAge: null, domain: undefined }, proxy: undefined })).not.toThrow();
});

test.each([
  [
    { secrt: "a" },
    "session/secrt: no such option; there are secret, name, key, cookie, genid, proxy, rolling, saveUninitialized, resave, unset, store, onError",
  ],
  [{ secret: [] }, "session/secret: must be a text, or a list of one or more, got an empty list"],
  [{ secret: "" }, "session/secret: must be a text, or a list of one or more, got string"],
  [{ secret: 1234 }, "session/secret: must be a text, or a list of one or more, got number"],
  [{ unset: "bogus" }, 'session/unset: must be "keep" or "destroy", got "bogus"'],
  [{ genid: "bogus" }, 'session/genid: must be a function, got "bogus"'],
  [{ name: "a b" }, `session/name: must be a cookie's name (letters, digits and !#$%&'*+-.^_\`|~), got "a b"`],
  [{ rolling: "yes" }, 'session/rolling: must be true or false, got "yes"'],
  [
    { store: { get() {}, set() {} } },
    "session/store: must be what openSessions returns; stores of express-session work with express-session only, got another object",
  ],
  [
    { cookie: { maxage: 1 } },
    "session/cookie/maxage: no such option; there are maxAge, expires, path, domain, httpOnly, secure, sameSite, priority, partitioned",
  ],
  [{ cookie: { maxAge: "1h" } }, "session/cookie/maxAge: must be a number of milliseconds, got 1h"],
  [{ cookie: { expires: new Date(Number.NaN) } }, "session/cookie/expires: must be a valid Date, got Invalid Date"],
  [{ cookie: { path: "admin" } }, "session/cookie/path: must be a path that begins with /, got admin"],
  [{ cookie: { sameSite: "loose" } }, 'session/cookie/sameSite: must be true, false, "lax", "strict", "none" or "auto", got loose'],
])("fails with %j", (options, message) => {
  expect(() => checkSessionOptions(options as never)).toThrow(new TypeError(message));
});

test("the secret comes from the options, else from the environment", () => {
  expect(secretsOf({ secret: "a" }, "env")).toEqual(["a"]);
  expect(secretsOf({ secret: ["a", "b"] }, "env")).toEqual(["a", "b"]);
  expect(secretsOf({}, "env")).toEqual(["env"]);
  for (const none of [undefined, ""])
    expect(() => secretsOf({}, none)).toThrow("session/secret: must be a text, or SESSION_SECRET must be in the environment, got neither");
});

describe("without options", () => {
  const { SESSION_SECRET, VALKEY_URL } = process.env;
  afterEach(() => void Object.assign(process.env, { SESSION_SECRET: SESSION_SECRET ?? "", VALKEY_URL: VALKEY_URL ?? "" }));

  test("fails and names what is missing in the environment", () => {
    Object.assign(process.env, { SESSION_SECRET: "", VALKEY_URL: "" });
    expect(() => session()).toThrow("session/secret: must be a text, or SESSION_SECRET must be in the environment, got neither");
    process.env.SESSION_SECRET = "secret";
    expect(() => session()).toThrow("VALKEY_URL: must be the session store's address");
    expect(session({ store: new FakeSessions() })).toBeInstanceOf(Function);
  });
});
