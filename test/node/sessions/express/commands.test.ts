import { createClient } from "redis";
import type { Express } from "express";
import { openSessions } from "../../../../node/sessions/open";
import type { Sessions } from "../../../../node/sessions/model";
import type { RunningProgram } from "../middleware/running-program";
import { type RedisServer, startRedis } from "../redis-server";
import { startWithStore } from "./running-session";

/** The link's sign of life, and what counting takes. */
const BESIDES = /^(getex?|config|info|client|hello|auth|select|ping|subscribe|script)\b/;

let redis: RedisServer;
let sessions: Sessions[];
let programs: RunningProgram[];
let stats: ReturnType<typeof createClient>;

const routes = (app: Express): void => {
  app.get("/read", (req: any, res) => res.send(String(req.session.count ?? 0)));
  app.get("/add", (req: any, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.send(String(req.session.count));
  });
};

beforeAll(async () => {
  redis = await startRedis();
  stats = createClient({ url: redis.url });
  await stats.connect();
});
afterAll(async () => {
  stats.destroy();
  await redis.stop();
});

/** Two nodes, and one client that keeps its cookies when it goes to the other. */
async function startNodes(options = {}): Promise<void> {
  sessions = [0, 1].map(() => openSessions({ url: redis.url }));
  await Promise.all(sessions.map((each) => each.ready()));
  programs = await Promise.all(sessions.map((each) => startWithStore(routes, options, each)));
  const [first, second] = programs as [RunningProgram, RunningProgram];
  (second as { jar: RunningProgram["jar"] }).jar = first.jar;
}
afterEach(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await Promise.all(sessions.map((each) => each.close()));
});

/** Commands that the server counted meanwhile, by name; those of scripts too. */
async function commandsOf(run: () => Promise<unknown>): Promise<Record<string, number>> {
  await stats.sendCommand(["CONFIG", "RESETSTAT"]);
  await run();
  const lines = (await stats.sendCommand<string>(["INFO", "commandstats"])).matchAll(/cmdstat_(\S+?):calls=(\d+)/g);
  return Object.fromEntries([...lines].filter(([, name = ""]) => !BESIDES.test(name)).map(([, name, calls]) => [name, Number(calls)]));
}

const times = async (n: number, run: () => Promise<{ text: string }>): Promise<string[]> => {
  const texts: string[] = [];
  for (let i = 0; i < n; i += 1) texts.push((await run()).text);
  return texts;
};

test.each([
  ["a cookie until the browser is closed", {}],
  ["a cookie with an end", { cookie: { maxAge: 3_600_000 } }],
  ["a rolling cookie", { rolling: true, cookie: { maxAge: 3_600_000 } }],
  ["resave", { resave: true, cookie: { maxAge: 3_600_000 } }],
])("unmodified requests send the store no command: %s", async (_, options) => {
  await startNodes(options);
  const [node] = programs as [RunningProgram, RunningProgram];
  await node.get("/add");
  const counted = await commandsOf(async () => expect(new Set(await times(200, () => node.get("/read")))).toEqual(new Set(["1"])));
  expect(counted).toEqual({});
});

test("a modification is one round trip", async () => {
  await startNodes();
  const [node] = programs as [RunningProgram, RunningProgram];
  await node.get("/add");
  const { evalsha, eval: whole } = await commandsOf(() => times(50, () => node.get("/add")));
  expect([evalsha, whole]).toEqual([50, undefined]);
});

test("a client that goes to another node and back reads its own writes, which costs one question a move", async () => {
  await startNodes();
  const [a, b] = programs as [RunningProgram, RunningProgram];
  await a.get("/add");
  for (let round = 1; round <= 100; round += 1) {
    const [from, to] = round % 2 ? [a, b] : [b, a];
    expect((await to.get("/read")).text).toBe(String(round));
    expect((await to.get("/add")).text).toBe(String(round + 1));
    expect((await from.get("/read")).text).toBe(String(round + 1));
  }
  await b.get("/read");
  expect(await commandsOf(() => times(20, () => b.get("/read")))).toEqual({});
});
