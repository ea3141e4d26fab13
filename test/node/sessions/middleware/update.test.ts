import type { Express } from "express";
import { RunningProgram } from "./running-program";

let program: RunningProgram;
const start = async (route: (req: any, res: any) => unknown): Promise<void> => {
  program = await RunningProgram.start((app: Express) => {
    app.get("/", (req: any, res) => ((req.session.count = 0), res.send("made")));
    app.get("/update", route as never);
  });
  await program.get("/");
};
afterEach(() => program.stop());

test("increments of simultaneous requests lose none", async () => {
  await start(async (req, res) => {
    await req.session.update((draft: any) => {
      draft.count++;
    });
    res.send(String(req.session.count));
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => program.get("/update")));
  expect(program.sessions.data(program.id)).toEqual({ count: 20 });
  expect(new Set(answers.map(({ text }) => Number(text))).size).toBe(20);
});

test("the draft has what the request changed before, and what others stored meanwhile", async () => {
  await start(async (req, res) => {
    void req.session.count;
    req.session.mine = { a: 1 };
    program.sessions.change(req.sessionID, { theirs: 1 });
    const { mine } = req.session;
    await req.session.update((draft: any) => {
      draft.seen = Object.keys(draft).sort();
    });
    mine.a = 2;
    res.json({ ...req.session, cookie: undefined });
  });
  expect(JSON.parse((await program.get("/update")).text)).toEqual({ count: 0, mine: { a: 2 }, theirs: 1, seen: ["count", "mine", "theirs"] });
  expect(program.sessions.data(program.id)).toEqual({ count: 0, mine: { a: 2 }, theirs: 1, seen: ["count", "mine", "theirs"] });
});

test("updates of one request follow each other, and the response follows them", async () => {
  await start((req, res) => {
    for (let i = 0; i < 3; i += 1) void req.session.update((draft: any) => void draft.count++);
    res.send("sent");
  });
  expect((await program.get("/update")).text).toBe("sent");
  expect(program.sessions.data(program.id)).toEqual({ count: 3 });
});

test("a session that is not stored yet is stored by it", async () => {
  await start(async (req, res) => {
    await req.session.update((draft: any) => (draft.first = true));
    res.send(req.session.id);
  });
  program.jar.clear();
  const { text, cookies } = await program.get("/update");
  expect(cookies).toHaveLength(2);
  expect(program.sessions.data(text)).toEqual({ first: true });
});

test("a function that throws, or is asynchronous, stores nothing", async () => {
  const errors: string[] = [];
  await start(async (req, res) => {
    await req.session
      .update(() => {
        throw new Error("mine");
      })
      .catch((error: Error) => errors.push(error.message));
    await req.session
      .update(async (draft: any) => {
        draft.count = 9;
      })
      .catch((error: Error) => errors.push(error.message));
    res.send("ok");
  });
  await program.get("/update");
  expect(errors).toEqual(["mine", "session.update: the function must not be asynchronous: it may be called more than once"]);
  expect(program.sessions.data(program.id)).toEqual({ count: 0 });
});

test("a draft refuses the keys that the session could not show", async () => {
  await start(async (req, res) => {
    await req.session.update((draft: any) => (draft.save = 1)).catch((error: Error) => res.send(error.message));
  });
  expect((await program.get("/update")).text).toBe('session key "save": this name has a meaning of its own; use another');
});

test("fails when the session was ended meanwhile; the response goes on", async () => {
  const codes: string[] = [];
  await start(async (req, res) => {
    await program.sessions.destroy(req.sessionID as string);
    await req.session.update((draft: any) => void draft.count++).catch((error: any) => codes.push(error.code));
    res.send("ok");
  });
  expect((await program.get("/update")).text).toBe("ok");
  expect([codes, program.sessions.stored.size]).toEqual([["session-gone"], 0]);
});
