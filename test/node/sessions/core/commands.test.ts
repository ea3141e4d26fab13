import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "redis";
import type { Sessions } from "../../../../node/sessions/model";
import { type Rig, remove, set, startRig } from "./rig";
import { until } from "./until";

/** The sign of life that a connection asks for ten times a second, whatever the load. */
const BEAT = "getex";

let rig: Rig;
let core: Sessions;

beforeAll(async () => {
  rig = await startRig();
  core = await rig.open();
});
afterAll(() => rig.stop());

/** The server's own count of commands, those that scripts call too, but for the beats. */
async function counted(work: () => Promise<void>): Promise<Record<string, number>> {
  await rig.command("CONFIG", "RESETSTAT");
  await work();
  const lines = String(await rig.command("INFO", "commandstats")).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  const calls = [...lines].map(([, name, count]): [string, number] => [name as string, Number(count)]);
  return Object.fromEntries(calls.filter(([name]) => name !== BEAT && name !== "config|resetstat" && name !== "info"));
}

/** Names of the commands that clients sent, but for the beats: those that scripts call are left out. */
async function sent(work: () => Promise<void>): Promise<string[]> {
  const monitor = createClient({ url: rig.redis.url, RESP: 2 });
  await monitor.connect();
  const lines: string[] = [];
  await monitor.monitor((line) => void lines.push(String(line)));
  try {
    await work();
    await rig.command("ECHO", "the end");
    await until("the monitor has seen everything", () => lines.some((line) => line.includes("the end")));
  } finally {
    monitor.destroy();
  }
  const names = lines.filter((line) => !line.includes(" lua]")).map((line) => /\] "([^"]+)"/.exec(line)?.[1]?.toLowerCase() ?? line);
  return names.filter((name) => name !== BEAT && name !== "echo");
}

test("reads of a session that nobody modifies cause no command, for as long as they go on", async () => {
  const { version } = await core.create("read", set({ k: 1 }).set);
  const commands = await counted(async () => {
    const end = performance.now() + 1000;
    while (performance.now() < end) {
      for (let time = 0; time < 100; time += 1) expect(core.peek("read", version)?.version).toBe(version);
      expect((await core.read("read", version))?.version).toBe(version);
      await delay(1);
    }
  });
  expect(commands).toEqual({});
}, 15_000);

test("a session that was read once on another node causes no command there from then on", async () => {
  const { version } = await core.create("moved", set({ k: 1 }).set);
  const other = await rig.open();
  expect(await sent(async () => void (await other.read("moved", version)))).toEqual(["evalsha"]);
  expect(await counted(async () => void (await other.read("moved", version)))).toEqual({});
});

test("a rolling session causes no command within a tenth of its lifetime, and one after it", async () => {
  let session = await core.create("rolling", set({ k: 1 }).set, { lifetimeMs: 5000, aside: "0" });
  const roll = async (times: number): Promise<void> => {
    for (let time = 1; time <= times; time += 1) {
      session = core.peek("rolling", session.version) ?? session;
      await core.touch(session, { aside: String(time) });
    }
  };
  expect(await counted(() => roll(500))).toEqual({});
  await delay(520);
  expect(await sent(() => roll(500))).toEqual(["evalsha"]);
  expect((await rig.command("HGET", "nplus1:session:rolling", "c")) as string).toBe("1");
});

test("a modification is one command, and the read after it none", async () => {
  let session = await core.create("written", set({ k: 0 }).set);
  const commands = await sent(async () => {
    for (let time = 1; time <= 20; time += 1) {
      session = await core.merge(session, time % 2 ? set({ k: time }) : remove("k"));
      expect(core.peek("written", session.version)).toBe(session);
    }
  });
  expect(commands).toEqual(Array.from({ length: 20 }, () => "evalsha"));
});

test("to update, create and destroy is one command each", async () => {
  const session = await core.create("counted", set({ k: 0 }).set);
  expect(await sent(async () => void (await core.update("counted", () => set({ k: 1 }), { seen: session.version })))).toEqual(["evalsha"]);
  expect(await sent(async () => void (await core.update("counted", () => set({})))).then((all) => all.length)).toBe(0);
  expect(await sent(async () => void (await core.create("another", new Map())))).toEqual(["evalsha"]);
  expect(await sent(async () => void (await core.destroy("another")))).toEqual(["evalsha"]);
});

test("a client that carries no version has the store asked whether the copy is the newest, and gets it from memory", async () => {
  const { version } = await core.create("unseen", set({ k: "x".repeat(10_000) }).set);
  const before = Number(/total_net_output_bytes:(\d+)/.exec(String(await rig.command("INFO", "stats")))?.[1]);
  expect(await sent(async () => expect((await core.read("unseen", undefined))?.version).toEqual(version))).toEqual(["evalsha"]);
  const after = Number(/total_net_output_bytes:(\d+)/.exec(String(await rig.command("INFO", "stats")))?.[1]);
  expect(after - before).toBeLessThan(10_000);
});
