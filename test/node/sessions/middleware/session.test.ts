import type { Express } from "express";
import { RunningProgram } from "./running-program";

let program: RunningProgram;
const start = async (routes: (app: Express) => void, options = {}): Promise<void> => {
  program = await RunningProgram.start(routes, options);
};
afterEach(() => program.stop());

const counter = (app: Express): void => {
  app.get("/", (req: any, res) => res.json({ ...req.session, cookie: undefined }));
  app.get("/count", (req: any, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.send(String(req.session.count));
  });
};

describe("a session", () => {
  test("is kept from request to request", async () => {
    await start(counter);
    expect((await program.get("/count")).text).toBe("1");
    expect((await program.get("/count")).text).toBe("2");
    expect((await program.get("/")).text).toBe('{"count":2}');
    expect(program.sessions.data(program.id)).toEqual({ count: 2 });
  });

  test("costs no command when it is not changed", async () => {
    await start(counter);
    await program.get("/count");
    program.sessions.commands.length = 0;
    for (let i = 0; i < 5; i += 1) expect((await program.get("/")).cookies).toEqual([]);
    expect(program.sessions.commands).toEqual([]);
  });

  test("costs one command when it is changed", async () => {
    await start(counter);
    await program.get("/count");
    program.sessions.commands.length = 0;
    await program.get("/count");
    expect(program.sessions.commands).toEqual(["merge"]);
  });

  test("is not stored, and gets no cookie, when nothing is set in it", async () => {
    await start(counter);
    expect((await program.get("/")).cookies).toEqual([]);
    expect(program.sessions.commands).toEqual([]);
  });

  test("is stored without any key when uninitialized sessions shall be", async () => {
    await start(counter, { saveUninitialized: true });
    expect((await program.get("/")).cookies).toHaveLength(2);
    expect(program.sessions.data(program.id)).toEqual({});
  });

  test("is read from the store when the copy is not known to be current", async () => {
    await start(counter);
    await program.get("/count");
    program.sessions.hasCopies = false;
    program.sessions.commands.length = 0;
    expect((await program.get("/")).text).toBe('{"count":1}');
    expect(program.sessions.commands).toEqual(["read"]);
  });

  test("never has an id that only the client knows", async () => {
    await start(counter);
    await program.get("/count");
    const id = program.id;
    program.sessions.stored.clear();
    await program.get("/count");
    expect(program.id).not.toBe(id);
    expect(program.sessions.data(program.id)).toEqual({ count: 1 });
  });

  test("is a new one when the cookie's signature is wrong", async () => {
    await start(counter);
    await program.get("/count");
    program.jar.set("connect.sid", program.jar.get("connect.sid")!.slice(0, -1));
    program.sessions.commands.length = 0;
    expect((await program.get("/count")).text).toBe("1");
    expect(program.sessions.commands).toEqual(["create"]);
  });

  test("keeps what others change in other keys at the same time", async () => {
    await start((app) => {
      counter(app);
      app.get("/slow/:key", (req: any, res) => {
        void req.session.count;
        program.sessions.change(req.sessionID, { other: true });
        req.session[req.params.key] = "here";
        res.send("ok");
      });
    });
    await program.get("/count");
    await program.get("/slow/mine");
    expect(program.sessions.data(program.id)).toEqual({ count: 1, other: true, mine: "here" });
  });

  test("that someone else ends while a request changes it stays ended, and the response goes on", async () => {
    await start((app) => {
      counter(app);
      app.get("/late", async (req: any, res) => {
        await program.sessions.destroy(req.sessionID as string);
        req.session.count = 100;
        res.send("answered");
      });
    });
    await program.get("/count");
    const answer = await program.get("/late");
    expect([answer.status, answer.text, answer.cookies.length]).toEqual([200, "answered", 1]);
    expect(answer.cookies[0]).toMatch(/^connect\.sid\.v=2\./);
    expect(program.sessions.stored.size).toBe(0);
  });

  test("lives on while it is used, at the price of a command in a part of its lifetime", async () => {
    await start(counter, { cookie: { maxAge: 60_000 } });
    await program.get("/count");
    const snapshot = program.sessions.stored.get(program.id)!;
    program.sessions.stored.set(program.id, { ...snapshot, endsAt: snapshot.endsAt - 10_000 });
    program.sessions.commands.length = 0;
    await program.get("/");
    await program.get("/");
    expect(program.sessions.commands).toEqual(["touch"]);
  });
});
