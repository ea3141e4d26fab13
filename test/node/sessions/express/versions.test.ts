import type { Express } from "express";
import { StoreAway } from "../../../../node/sessions/errors";
import { gate, type RunningProgram } from "../middleware/running-program";
import { startWithStore } from "./running-session";

let program: RunningProgram;
const start = async (routes: (app: Express) => void, options = {}): Promise<void> => {
  program = await startWithStore(routes, options);
};
afterEach(() => program.stop());

const count = (app: Express): void => {
  app.get("/read", (req, res) => res.send(String((req.session as any).count ?? "none")));
  app.get("/add", (req: any, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.send(String(req.session.count));
  });
};

const attributes = (cookie = ""): string[] => cookie.split("; ").slice(1);
const version = (): string | undefined => program.jar.get("connect.sid.v");

test("a client carries the version of its session beside the session's cookie, with the same attributes but no end", async () => {
  await start(count, { cookie: { maxAge: 60_000, sameSite: "lax", path: "/", httpOnly: true } });
  const { cookies } = await program.get("/add");
  expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["connect.sid", "connect.sid.v"]);
  expect(version()).toMatch(/^1\.fake-1\.[\w-]{22}$/);
  expect(attributes(cookies[1])).toEqual(attributes(cookies[0]).filter((attribute) => !attribute.startsWith("Expires")));
});

test("it is sent again when the session has a newer one, and only then", async () => {
  await start(count);
  await program.get("/add");
  expect((await program.get("/read")).cookies).toEqual([]);
  expect((await program.get("/add")).cookies.map((cookie) => cookie.split(".").slice(0, 3))).toEqual([["connect", "sid", "v=2"]]);
  expect((await program.get("/read")).cookies).toEqual([]);
  program.sessions.change(program.id, { by: "another node" });
  expect((await program.get("/read")).cookies[0]).toMatch(/^connect\.sid\.v=3\./);
});

test("with the version, a session is served from memory; without it, with a forged or another session's, the store is asked", async () => {
  await start(count);
  await program.get("/add");
  program.sessions.commands.length = 0;
  await program.get("/read");
  expect(program.sessions.commands).toEqual(["touch"]);
  for (const value of ["", "9.fake-1.AAAAAAAAAAAAAAAAAAAAAA"]) {
    program.sessions.commands.length = 0;
    program.jar.set("connect.sid.v", value);
    expect((await program.get("/read")).text).toBe("1");
    expect(program.sessions.commands).toEqual(["read", "touch"]);
    expect(version()).toMatch(/^1\.fake-1\./);
  }
});

test("a client never gets an older version than the one that it carries", async () => {
  await start(count);
  await program.get("/add");
  const older = program.sessions.stored.get(program.id);
  await program.get("/add");
  const carried = version();
  program.sessions.stored.set(program.id, older!);
  expect((await program.get("/read")).cookies).toEqual([]);
  expect(version()).toBe(carried);
});

test("a session that is not stored has no version, and an id of the login is another session with its own", async () => {
  await start((app) => {
    count(app);
    app.get("/login", (req: any, res, next) =>
      req.session.regenerate((error: unknown) => {
        if (error) return next(error);
        req.session.user = "bob";
        res.send("in");
      }),
    );
  });
  expect((await program.get("/read")).cookies).toEqual([]);
  await program.get("/add");
  const [before, versionBefore] = [program.jar.get("connect.sid"), version()];
  await program.get("/login");
  expect(program.jar.get("connect.sid")).not.toBe(before);
  expect(version()).not.toBe(versionBefore);
  expect(program.sessions.data(program.id)).toEqual({ user: "bob" });
});

test("a cookie that express-session keeps back takes the version with it", async () => {
  await start(count, { cookie: { secure: true } });
  expect((await program.get("/add")).cookies).toEqual([]);
});

test("the name may be another", async () => {
  await start(count, { name: "shop.sid" });
  await program.get("/add");
  expect([...program.jar.keys()]).toEqual(["shop.sid", "shop.sid.v"]);
  program.sessions.commands.length = 0;
  await program.get("/read");
  expect(program.sessions.commands).toEqual(["touch"]);
});

test("a store that cannot be asked fails the request with its own status", async () => {
  await start(count);
  await program.get("/add");
  program.sessions.hasCopies = false;
  program.sessions.failure = new StoreAway(2000, "no connection");
  const answer = await program.get("/read");
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
});

test("the answer leaves when the store has the change, and not before", async () => {
  await start(count);
  const { opened, open } = gate();
  program.sessions.gate = opened;
  let isAnswered = false;
  const asked = program.get("/add").finally(() => (isAnswered = true));
  while (program.sessions.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isAnswered).toBe(false);
  open();
  expect((await asked).text).toBe("1");
});
