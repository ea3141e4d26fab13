import { inspect } from "node:util";
import type { Express } from "express";
import { RunningProgram } from "./running-program";

let program: RunningProgram;
const start = async (routes: Record<string, (req: any, res: any) => unknown>, options = {}): Promise<void> => {
  program = await RunningProgram.start((app: Express) => {
    app.get("/fill", (req: any, res) => res.json(Object.assign(req.session, { user: { name: "ann", tags: ["a"] }, count: 1 })));
    for (const [path, route] of Object.entries(routes)) app.get(path, route as never);
  }, options);
};
afterEach(() => program.stop());

const seen = async (look: (session: any, req: any) => unknown): Promise<unknown> => {
  await start({ "/look": async (req, res) => res.json({ value: await look(req.session, req) }) });
  await program.get("/fill");
  const answer = await program.get("/look");
  return (JSON.parse(answer.text) as { value: unknown }).value;
};

const COOKIE = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };

test.each<[string, (session: any, req: any) => unknown, unknown]>([
  ["reads keys", (s) => [s.user.name, s.count, s.none], ["ann", 1, null]],
  ["lists its keys and the cookie", (s) => Object.keys(s), ["cookie", "user", "count"]],
  [
    "knows what is in it",
    (s) => ["user" in s, "none" in s, "save" in s, Object.hasOwn(s, "count"), Object.hasOwn(s, "save")],
    [true, false, true, true, false],
  ],
  [
    "is walked by for-in without its methods",
    (s) => {
      const names = [];
      for (const name in s) names.push(name);
      return names;
    },
    ["cookie", "user", "count"],
  ],
  ["becomes JSON", (s) => JSON.parse(JSON.stringify(s)), { cookie: COOKIE, user: { name: "ann", tags: ["a"] }, count: 1 }],
  ["can be spread", (s) => ({ ...s, cookie: 0 }), { cookie: 0, user: { name: "ann", tags: ["a"] }, count: 1 }],
  ["loses keys", (s) => [delete s.count, "count" in s, Object.keys(s)], [true, false, ["cookie", "user"]]],
  [
    "takes keys",
    (s) => {
      s.a = 1;
      Object.assign(s, { b: 2 });
      Object.defineProperty(s, "c", { value: 3, enumerable: true });
      return [s.a, s.b, s.c];
    },
    [1, 2, 3],
  ],
  ["has its id twice", (s, req) => [s.id === req.sessionID, s.id.length], [true, 32]],
  ["gives its request", (s, req) => s.req === req, true],
  ["shows its keys to console.log", (s) => inspect(s).includes("name: 'ann'"), true],
  [
    "keeps the names of its methods",
    (s) => {
      try {
        s.update = 1;
      } catch (error) {
        return String(error);
      }
      return "";
    },
    'TypeError: session key "update": this name has a meaning of its own; use another',
  ],
  [
    "lets its methods be replaced, as tests do",
    (s) => {
      s.save = () => "mine";
      return [s.save(), Object.keys(s)];
    },
    ["mine", ["cookie", "user", "count"]],
  ],
  ["has no number among its keys before it is set", (s) => ++s.fresh, null],
])("the session %s", async (_title, look, expected) => {
  expect(await seen(look)).toEqual(expected);
});

test("a key with a name of the class, as another program stored it, is no key here and stays in the store", async () => {
  await start({ "/look": (req, res) => res.json([Object.keys(req.session), typeof req.session.save]) });
  await program.get("/fill");
  program.sessions.change(program.id, { save: "x", constructor: "y" });
  expect(JSON.parse((await program.get("/look")).text)).toEqual([["cookie", "user", "count"], "function"]);
  expect(program.sessions.data(program.id)).toMatchObject({ save: "x", constructor: "y" });
});

test.each([
  ["a callback", (session: any, done: () => void) => session.save(done)],
  ["a promise", (session: any, done: () => void) => void session.save().then(done)],
])("save stores at once and tells by %s; the end of the response then stores nothing", async (_way, save) => {
  let data: unknown;
  await start({
    "/": (req, res) => {
      req.session.a = 1;
      save(req.session, () => {
        data = program.sessions.data(req.sessionID as string);
        res.send("saved");
      });
    },
  });
  expect((await program.get("/")).cookies).toHaveLength(2);
  expect([data, program.sessions.commands]).toEqual([{ a: 1 }, ["create"]]);
});

test("a save that fails and that nobody waits for does not end the process; the response says it", async () => {
  const save = (req: any, res: any): void => {
    req.session.a = 1;
    req.session.save();
    res.send("ok");
  };
  await start({ "/": save }, { onError: () => undefined });
  program.sessions.failure = new Error("gone");
  expect((await program.get("/")).status).toBe(500);
});

test("reload forgets what was changed and gives what is stored now", async () => {
  await start({
    "/": async (req, res) => {
      const before = req.session;
      before.count = 5;
      program.sessions.change(req.sessionID, { count: 7 });
      await before.reload();
      res.json([req.session === before, req.session.count]);
    },
  });
  await program.get("/fill");
  expect((await program.get("/")).text).toBe("[false,7]");
  expect(program.sessions.data(program.id)).toMatchObject({ count: 7 });
});

test("reload fails when there is no such session", async () => {
  await start({ "/": (req, res) => req.session.reload((error: Error) => res.send(error.message)) });
  expect((await program.get("/")).text).toBe("failed to load session");
});

test("regenerate gives a new id to an empty session and ends the old one", async () => {
  await start({
    "/login": async (req, res) => {
      const old = req.session.id;
      await req.session.regenerate();
      req.session.user = "bob";
      res.json([old, req.session.id, req.sessionID]);
    },
  });
  await program.get("/fill");
  const [old, id, sessionID] = JSON.parse((await program.get("/login")).text);
  expect(id).toBe(sessionID);
  expect(id).not.toBe(old);
  expect(program.id).toBe(id);
  expect(program.sessions.data(id)).toEqual({ user: "bob" });
});

test("destroy ends the session and takes both cookies from the client", async () => {
  await start({ "/logout": (req, res) => req.session.destroy(() => res.send(String(req.session))) });
  await program.get("/fill");
  const answer = await program.get("/logout");
  expect(answer.text).toBe("undefined");
  expect(answer.cookies).toEqual([
    "connect.sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly",
    "connect.sid.v=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly",
  ]);
  expect(program.sessions.stored.size).toBe(0);
});

test("the response waits for a destroy that the program does not wait for", async () => {
  await start({ "/logout": (req, res) => (req.session.destroy(), res.send("out")) });
  await program.get("/fill");
  expect((await program.get("/logout")).cookies).toHaveLength(2);
  expect(program.sessions.stored.size).toBe(0);
});

test("a session that was never stored is destroyed without a command", async () => {
  await start({ "/logout": (req, res) => req.session.destroy(() => res.send("out")) });
  expect((await program.get("/logout")).cookies).toEqual([]);
  expect(program.sessions.commands).toEqual([]);
});

test.each([
  ["keep", 1, ["create"]],
  ["destroy", 0, ["create", "destroy"]],
])("with unset: %s, taking req.session away leaves %i sessions", async (unset, left, commands) => {
  await start({ "/unset": (req, res) => ((req.session.count = 9), (req.session = null), res.send("ok")) }, { unset });
  await program.get("/fill");
  await program.get("/unset");
  expect([program.sessions.stored.size, program.sessions.commands]).toEqual([left, commands]);
  if (left) expect(program.sessions.data(program.id)).toMatchObject({ count: 1 });
});
