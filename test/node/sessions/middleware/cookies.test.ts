import type { Express } from "express";
import { RunningProgram } from "./running-program";

let program: RunningProgram;
const start = async (options: object, routes: Record<string, (req: any, res: any) => unknown> = {}): Promise<void> => {
  program = await RunningProgram.start((app: Express) => {
    app.set("trust proxy", true);
    app.get("/", (req: any, res) => res.send(String(req.session.count)));
    app.get("/count", (req: any, res) => ((req.session.count = (req.session.count ?? 0) + 1), res.send(String(req.session.count))));
    for (const [path, route] of Object.entries(routes)) app.get(path, route as never);
  }, options);
};
afterEach(() => program.stop());

const names = (cookies: string[]): string[] => cookies.map((text) => text.slice(0, text.indexOf("=")));
const BOTH = ["connect.sid", "connect.sid.v"];

test("a changed session sends its new version; one without an end keeps its own cookie", async () => {
  await start({});
  expect(names((await program.get("/count")).cookies)).toEqual(BOTH);
  expect(names((await program.get("/count")).cookies)).toEqual(["connect.sid.v"]);
  expect((await program.get("/")).cookies).toEqual([]);
});

test("the version's cookie begins with the version and has the attributes of the session's", async () => {
  await start({ cookie: { path: "/", sameSite: "lax", domain: "example.com" } });
  const [session = "", version = ""] = (await program.get("/count")).cookies;
  expect(version).toMatch(/^connect\.sid\.v=1\.fake-1\.[\w-]{22}; /);
  expect(version.slice(version.indexOf(";"))).toBe(session.slice(session.indexOf(";")));
});

test.each(["", "1.fake-1.AAAAAAAAAAAAAAAAAAAAAA", "99.fake-9.x", "%"])(
  "a client whose version is %j, signed by nobody, carries none: the store is asked, and it gets one",
  async (forged) => {
    await start({});
    await program.get("/count");
    program.jar.set("connect.sid.v", forged);
    program.sessions.commands.length = 0;
    expect(names((await program.get("/")).cookies)).toEqual(["connect.sid.v"]);
    expect(program.sessions.commands).toEqual(["read"]);
  },
);

test("a version that is older than what this process knows is replaced", async () => {
  await start({});
  await program.get("/count");
  const old = program.jar.get("connect.sid.v")!;
  await program.get("/count");
  program.jar.set("connect.sid.v", old);
  expect((await program.get("/")).cookies[0]).toMatch(/^connect\.sid\.v=2\.fake-2\./);
});

test("a session with an end renews its cookie when it is changed", async () => {
  await start({ cookie: { maxAge: 60_000 } });
  await program.get("/count");
  expect(names((await program.get("/count")).cookies)).toEqual(BOTH);
  expect((await program.get("/")).cookies).toEqual([]);
});

test("rolling renews the cookie with each response, at no command", async () => {
  await start({ rolling: true, cookie: { maxAge: 60_000 } });
  await program.get("/count");
  program.sessions.commands.length = 0;
  const { cookies } = await program.get("/");
  expect(names(cookies)).toEqual(BOTH);
  const [, expires = ""] = /Expires=([^;]+)/.exec(cookies[0]!) ?? [];
  expect(Math.abs(Date.parse(expires) - Date.now() - 60_000)).toBeLessThan(2000);
  expect(program.sessions.commands).toEqual([]);
});

test("rolling gives no cookie to a session in which nothing was set", async () => {
  await start({ rolling: true });
  expect((await program.get("/")).cookies).toEqual([]);
});

test("the cookie's age is the session's lifetime in the store; without one it is the store's", async () => {
  await start({ cookie: { maxAge: 60_000 } });
  await program.get("/count");
  expect(program.sessions.stored.get(program.id)).toMatchObject({ lifetimeMs: 60_000, aside: "" });
  await program.stop();
  await start({});
  await program.get("/count");
  expect(program.sessions.stored.get(program.id)).toMatchObject({ lifetimeMs: 86_400_000, aside: "" });
});

test("a cookie that the program changes is kept with the session, sent at once, and used from then on", async () => {
  await start(
    {},
    {
      "/remember": (req, res) => ((req.session.cookie.maxAge = 3_600_000), res.send("ok")),
      "/age": (req, res) => res.json([req.session.cookie.maxAge, req.session.cookie.originalMaxAge]),
    },
  );
  await program.get("/count");
  const { cookies } = await program.get("/remember");
  expect(names(cookies)).toEqual(BOTH);
  expect(cookies[0]).toContain("; Expires=");
  expect(program.sessions.stored.get(program.id)).toMatchObject({
    lifetimeMs: 3_600_000,
    aside: expect.stringContaining('"originalMaxAge":3600000'),
  });
  const [left, original] = JSON.parse((await program.get("/age")).text);
  expect(original).toBe(3_600_000);
  expect(left).toBeGreaterThan(3_590_000);
  expect(left).toBeLessThanOrEqual(3_600_000);
  expect((await program.get("/count")).cookies[0]).toContain("; Expires=");
});

test("a cookie of a session that express-session stored is understood", async () => {
  await start({}, { "/cookie": (req, res) => res.json(req.session.cookie) });
  await program.get("/count");
  const stored = program.sessions.stored.get(program.id)!;
  const aside = JSON.stringify({ originalMaxAge: 60_000, expires: new Date(0).toISOString(), httpOnly: false, path: "/", sameSite: "strict" });
  program.sessions.stored.set(program.id, { ...stored, aside, lifetimeMs: 60_000, endsAt: performance.now() + 30_000 });
  const cookie = JSON.parse((await program.get("/cookie")).text);
  expect(cookie).toMatchObject({ originalMaxAge: 60_000, httpOnly: false, path: "/", sameSite: "strict" });
  expect(Math.abs(Date.parse(cookie.expires) - Date.now() - 30_000)).toBeLessThan(2000);
});

test.each([
  [{ cookie: { secure: true } }, {}, []],
  [{ cookie: { secure: true } }, { "x-forwarded-proto": "https" }, BOTH],
  [{ cookie: { secure: true }, proxy: false }, { "x-forwarded-proto": "https" }, []],
  [{ cookie: { secure: true }, proxy: true }, { "x-forwarded-proto": "HTTPS , http" }, BOTH],
  [{ cookie: { secure: "auto" } }, {}, BOTH],
])("with %j and the headers %j the cookies %j are sent", async (options, headers, sent) => {
  await start(options);
  expect(names((await program.get("/count", headers as Record<string, string>)).cookies)).toEqual(sent);
});

test.each([
  [{}, "SameSite=Lax", false],
  [{ "x-forwarded-proto": "https" }, "SameSite=None", true],
])("auto follows the connection: %j", async (headers, sameSite, isSecure) => {
  await start({ cookie: { secure: "auto", sameSite: "auto" } });
  const [cookie = ""] = (await program.get("/count", headers)).cookies;
  expect([cookie.includes(sameSite), cookie.includes("Secure")]).toEqual([true, isSecure]);
});

test("a request outside of the cookie's path has no session", async () => {
  await start(
    { cookie: { path: "/in" } },
    { "/in/here": (req, res) => res.send(typeof req.session), "/out": (req, res) => res.send(typeof req.session) },
  );
  expect([(await program.get("/in/here?x")).text, (await program.get("/out?/in")).text]).toEqual(["object", "undefined"]);
});

test("the cookie's options may be made for each request", async () => {
  await start({ cookie: (req: any) => ({ path: `/${String(req.url).split("/")[1]}`, maxAge: 60_000 }) });
  expect((await program.get("/count")).cookies[0]).toContain("; Path=/count;");
});

test("a session in use by a client of express-session goes on with the same cookie", async () => {
  await start({ name: "sid", genid: () => "apple" });
  const [cookie = ""] = (await program.get("/count")).cookies;
  expect(cookie.split(";")[0]).toBe("sid=s%3Aapple.D8Y%2BpkTAmeR0PobOhY4G97PRW%2Bj7bUnP%2F5m6%2FOn1MCU");
});
