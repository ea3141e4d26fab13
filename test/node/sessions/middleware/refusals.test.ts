import { Readable } from "node:stream";
import type { Express } from "express";
import { SessionTooLarge, StoreAway, StoreFull } from "../../../../node/sessions/errors";
import { ask, RunningProgram } from "./running-program";

let program: RunningProgram;
let errors: unknown[];
const start = async (routes: (app: Express) => void, options = {}): Promise<void> => {
  errors = [];
  program = await RunningProgram.start(routes, { onError: (error: unknown) => errors.push(error), ...options });
};
afterEach(() => program.stop());

const change = (respond: (req: any, res: any) => unknown) => (app: Express) => {
  app.get("/", (req: any, res) => {
    req.session.secretThing = "content";
    return respond(req, res);
  });
};

test.each([
  [new StoreAway(2000, "no answer"), 503, "store-away", "1"],
  [new StoreFull(), 507, "store-full", undefined],
  [new SessionTooLarge(300_000, 262_144), 413, "session-too-large", undefined],
])("when the store refuses a change, the client gets %p, and nothing of the program's answer", async (failure, status, code, retryAfter) => {
  await start(change((_req, res) => res.set({ "X-Own": "1", Location: "/welcome", "Set-Cookie": "own=1" }).send("you are logged in")));
  program.sessions.failure = failure;
  const answer = await program.get("/");
  expect([answer.status, answer.headers["content-type"], answer.headers["retry-after"]]).toEqual([status, "application/problem+json", retryAfter]);
  expect(JSON.parse(answer.text)).toMatchObject({ status, code, detail: failure.message });
  expect([answer.headers["x-own"], answer.headers.location, answer.cookies]).toEqual([undefined, undefined, []]);
  expect(answer.text).not.toContain("content");
  expect(errors).toEqual([failure]);
});

test("what a program streams is thrown away when the change is refused, and its source runs out", async () => {
  let isOut = false;
  await start(
    change((_req, res) => {
      const source = Readable.from(Array.from({ length: 100 }, () => "x".repeat(20_000)));
      source.on("end", () => (isOut = true));
      source.pipe(res);
    }),
  );
  program.sessions.failure = new StoreAway(1, "gone");
  const answer = await program.get("/");
  expect([answer.status, answer.headers["content-type"]]).toEqual([503, "application/problem+json"]);
  while (!isOut) await new Promise((resolve) => setImmediate(resolve));
});

test("a write's callback is told that the response was replaced", async () => {
  const told: unknown[] = [];
  await start(
    change((_req, res) => {
      res.write("a", (error: unknown) => told.push(error));
      res.end("b");
    }),
  );
  program.sessions.failure = new StoreAway(1, "gone");
  expect((await program.get("/")).status).toBe(503);
  expect(told).toEqual([expect.objectContaining({ message: "the response was replaced: what it told of could not be stored" })]);
});

test("a response whose head left already is cut off when its last change is refused", async () => {
  await start((app) => {
    app.get("/", (req: any, res) => {
      res.write("part");
      req.session.late = 1;
      program.sessions.failure = new StoreAway(1, "gone");
      setTimeout(() => res.end("whole"), 20);
    });
  });
  await expect(ask({ port: program.port, path: "/" })).rejects.toThrow("aborted");
});

test("a value that JSON cannot hold is a fault of the program: 500, with no word about the content", async () => {
  await start(change((req, res) => ((req.session.big = 1n), res.send("ok"))));
  const answer = await program.get("/");
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([500, "session-not-stored"]);
  expect(answer.text).not.toContain("big");
  expect(String(errors[0])).toContain('session key "big"');
});

test("an object put in the session's place is refused", async () => {
  await start(change((req, res) => ((req.session = { a: 1 }), res.send("ok"))));
  expect((await program.get("/")).status).toBe(500);
  expect(String(errors[0])).toContain("req.session: must not be another object");
});

test("when a session cannot be read, the program's error handler decides", async () => {
  await start((app) => {
    change((_req, res) => res.send("ok"))(app);
    app.use(((error: any, _req: unknown, res: any, _next: unknown) => res.status(error.status).send(`sorry: ${error.code}`)) as never);
  });
  await program.get("/");
  program.sessions.hasCopies = false;
  program.sessions.failure = new StoreAway(1, "gone");
  const answer = await program.get("/");
  expect([answer.status, answer.text]).toEqual([503, "sorry: store-away"]);
});

test("without an error handler Express answers an unreadable session with 503 and Retry-After", async () => {
  await start(change((_req, res) => res.send("ok")));
  await program.get("/");
  program.sessions.hasCopies = false;
  program.sessions.failure = new StoreAway(1, "gone");
  const answer = await program.get("/");
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
});

test("an unchanged session is served while the store refuses everything", async () => {
  await start((app) => {
    app.get("/", (req: any, res) => ((req.session.a = 1), res.send("set")));
    app.get("/read", (req: any, res) => res.send(String(req.session.a)));
  });
  await program.get("/");
  program.sessions.failure = new StoreAway(1, "gone");
  expect((await program.get("/read")).text).toBe("1");
  expect(errors).toEqual([]);
});
