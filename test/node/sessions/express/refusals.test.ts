import type { Express } from "express";
import { SessionTooLarge, StoreAway, StoreFull } from "../../../../node/sessions/errors";
import { ask, type RunningProgram } from "../middleware/running-program";
import { startWithStore } from "./running-session";

let program: RunningProgram;
const start = async (routes: (app: Express) => void, options = {}): Promise<void> => {
  program = await startWithStore(routes, options);
};
afterEach(() => program.stop());

const away = (): StoreAway => new StoreAway(2000, "no connection");
const add = (req: any): void => {
  req.session.count = (req.session.count ?? 0) + 1;
};

const routes = (app: Express): void => {
  app.get("/add", (req, res) => {
    add(req);
    res.set({ ETag: '"1"', "Cache-Control": "public", "Set-Cookie": "own=1" }).send("added");
  });
  app.get("/redirect", (req, res) => {
    add(req);
    res.redirect(303, "/");
  });
  app.get("/not-found", (req, res) => {
    add(req);
    res.status(404).send("nothing here");
  });
  app.get("/head-first", (req, res) => {
    add(req);
    res.writeHead(201, { "Content-Type": "text/plain" });
    res.end("made");
  });
  app.get("/stream", (req, res) => {
    add(req);
    res.write("one ");
    setImmediate(() => res.end("two"));
  });
  app.get("/late", (req, res) => {
    res.write("one ");
    setImmediate(() => {
      add(req);
      res.end("two");
    });
  });
  app.get("/save", (req, res) => {
    add(req);
    req.session.save((error) => (error ? res.status(500).send("told by the program") : res.send("saved")));
  });
  app.get("/save-and-run", (req, res) => {
    add(req);
    req.session.save();
    res.send("saved");
  });
  app.get("/save-and-hide", (req, res) => {
    add(req);
    req.session.save(() => res.send("saved"));
  });
  app.get("/logout", (req, res) => {
    req.session.destroy(() => undefined);
    res.send("out");
  });
  app.get("/logout-later", (req, res) => req.session.destroy((error) => res.status(error ? 500 : 200).send(error ? "still in" : "out")));
  app.get("/login", (req, res) => {
    req.session.regenerate(() => undefined);
    res.send("in");
  });
  app.get("/read", (req: any, res) => res.send(String(req.session.count)));
};

const problem = (status: number, code: string, detail: string) => ({
  status,
  body: expect.objectContaining({ status, code, detail }) as unknown,
  type: "application/problem+json",
});
const told = ({ status, text, headers }: Awaited<ReturnType<RunningProgram["get"]>>) => ({
  status,
  body: JSON.parse(text) as unknown,
  type: headers["content-type"],
});

test.each(["/add", "/redirect", "/not-found", "/head-first", "/stream", "/save-and-run", "/save-and-hide"])(
  "%s is replaced by a 503 when the store is away, and nothing of the program's answer is left",
  async (path) => {
    await start(routes);
    program.sessions.failure = away();
    const answer = await program.get(path);
    expect(told(answer)).toEqual(problem(503, "store-away", "the session store could not be reached within 2000 ms: no connection"));
    expect(answer.headers).toMatchObject({ "retry-after": "1", "cache-control": "no-store" });
    for (const name of ["etag", "location", "set-cookie"]) expect(answer.headers[name]).toBeUndefined();
    expect(program.sessions.stored.size).toBe(0);
  },
);

test.each([
  [
    new SessionTooLarge(300_000, 262_144),
    problem(413, "session-too-large", "the session must have at most 262144 bytes, got 300000; nothing was changed"),
  ],
  [new StoreFull(), problem(507, "store-full", "the session store has no memory left; nothing was changed")],
])("the answer has the error's status", async (failure, expected) => {
  await start(routes);
  program.sessions.failure = failure;
  expect(told(await program.get("/add"))).toEqual(expected);
});

test("a fault that is no refusal is answered without its words, and warned of", async () => {
  const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await start(routes);
  program.sessions.failure = new Error("secret details");
  expect(told(await program.get("/add"))).toEqual(problem(500, "session-not-stored", "what this request made of its session cannot be stored"));
  const detail = expect.stringContaining("Error: secret details\n    at ") as string;
  expect(warn.mock.calls).toEqual([["a session could not be stored", { detail }]]);
  warn.mockRestore();
});

test("a program that was told of the failure answers in its own words", async () => {
  await start(routes);
  program.sessions.failure = away();
  const answer = await program.get("/save");
  expect([answer.status, answer.text]).toEqual([500, "told by the program"]);
});

test("a stream whose head has left is cut off when the session cannot be stored", async () => {
  await start(routes);
  program.sessions.failure = away();
  await expect(ask({ port: program.port, path: "/late" })).rejects.toThrow(/aborted|hang up/);
});

test("a stream says the version that its head could not have known", async () => {
  await start(routes);
  const answer = await program.get("/stream");
  expect(answer.text).toBe("one two");
  expect(program.jar.get("connect.sid.v")).toMatch(/^1\.fake-1\./);
  expect(program.sessions.commands).toEqual(["create"]);
});

test("an explicit head goes as it was given, with both cookies", async () => {
  await start(routes);
  const answer = await program.get("/head-first");
  expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([201, "made", "text/plain"]);
  expect([...program.jar.keys()]).toEqual(["connect.sid", "connect.sid.v"]);
});

test.each(["/logout", "/login"])("%s is not confirmed when the session could not be destroyed, though nobody waits for it", async (path) => {
  await start(routes);
  await program.get("/add");
  program.sessions.failure = away();
  expect((await program.get(path)).status).toBe(503);
  program.sessions.failure = undefined;
  expect((await program.get("/read")).text).toBe("1");
});

test("a program that waits for the session's end is told of the failure", async () => {
  await start(routes);
  await program.get("/add");
  program.sessions.failure = away();
  expect((await program.get("/logout-later")).text).toBe("still in");
});

test("req.session = null with unset: destroy is not confirmed either", async () => {
  await start(
    (app) => {
      routes(app);
      app.get("/unset", (req, res) => {
        (req as { session: unknown }).session = null;
        res.send("out");
      });
    },
    { unset: "destroy" },
  );
  await program.get("/add");
  program.sessions.failure = away();
  expect((await program.get("/unset")).status).toBe(503);
  program.sessions.failure = undefined;
  expect((await program.get("/unset")).text).toBe("out");
  expect(program.sessions.stored.size).toBe(0);
});

test("a change of a session that someone destroyed meanwhile is dropped, and the answer goes", async () => {
  await start((app) => {
    routes(app);
    app.get("/slow", (req: any, res) => {
      req.session.late = true;
      void program.sessions.destroy(req.session.id as string).then(() => res.send("done"));
    });
  });
  await program.get("/add");
  expect((await program.get("/slow")).text).toBe("done");
  expect(program.sessions.stored.size).toBe(0);
});
