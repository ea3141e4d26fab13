import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StoreAway, StoreFull } from "../../../../node/sessions/errors";
import { Proxy } from "../chaos/proxy";
import { startRedis } from "../redis-server";
import { refusalOf } from "./refusal";
import { killCores, type Rig, set, startRig, valuesOf } from "./rig";
import { until } from "./until";

const rigs: Rig[] = [];

async function rigOf(args: readonly string[] = []): Promise<Rig> {
  const one = await startRig(args);
  rigs.push(one);
  return one;
}

afterEach(async () => {
  await Promise.all(rigs.splice(0).map((one) => one.stop()));
});

test("a primary that becomes a replica is left for the new primary, and the write that met it is not lost", async () => {
  const [old, next] = [await rigOf(), await rigOf()];
  const name = await Proxy.start(old.redis.port);
  const core = await old.open({ url: name.url });
  const session = await core.create("s", set({ k: 1 }).set);
  await old.command("REPLICAOF", "127.0.0.1", String(next.redis.port));
  name.leadTo(next.redis.port);
  const written = await core.merge(session, set({ k: 2 }));
  expect(await next.command("HGET", "nplus1:session:s", "f:k")).toBe(`${written.version.n}:2`);
  await core.close();
  await name.stop();
});

test("a primary that becomes a replica is noticed without any write", async () => {
  const [old, next] = [await rigOf(), await rigOf()];
  const events: string[] = [];
  const core = await old.open({ storeTimeoutMs: 300, log: (event, { reason }) => events.push(`${event} ${reason ?? ""}`) });
  const session = await core.create("s", set({ k: 1 }).set);
  await old.command("REPLICAOF", "127.0.0.1", String(next.redis.port));
  await until("the connection is given up", () => events.some((event) => event.startsWith("store-away")));
  expect(events.find((event) => event.startsWith("store-away"))).toContain("READONLY");
  expect(await core.read("s", session.version)).toBeDefined();
  await expect(core.merge(session, set({ k: 2 }))).rejects.toThrow(StoreAway);
});

test("a server that is loading is not there yet, and then is", async () => {
  const first = await rigOf();
  const core = await first.open();
  await core.create("s", set({ k: 1 }).set);
  await first.command("EVAL", "for i = 1, 3000 do redis.call('SET', 'filler' .. i, string.rep('x', 100)) end", "0");
  await first.command("SAVE");
  const folder = mkdtempSync(join(tmpdir(), "nplus1-dump-"));
  try {
    copyFileSync(join(first.redis.folder, "dump.rdb"), join(folder, "dump.rdb"));
    const slow = ["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024", "--dir", folder];
    const loading = await startRedis(slow);
    try {
      expect((await refusalOf({ url: loading.url, storeTimeoutMs: 300 })).message).toMatch(/within 300 ms: LOADING /);
      const later = await first.open({ url: loading.url });
      expect(valuesOf(await later.read("s", undefined))).toEqual({ k: 1 });
      await later.close();
    } finally {
      await loading.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a store without memory refuses modifications, keeps what it has, and can be reached, read and touched", async () => {
  const rig = await rigOf();
  const core = await rig.open();
  let session = await core.create("s", set({ k: 1 }).set, { lifetimeMs: 60_000 });
  await rig.command("CONFIG", "SET", "maxmemory", "1mb");
  const before = await rig.command("HGETALL", "nplus1:session:s");
  for (const refused of [core.merge(session, set({ k: 2 })), core.create("t", set({ k: 1 }).set), core.update("s", () => set({ k: 3 }))]) {
    await expect(refused).rejects.toThrow(StoreFull);
  }
  expect(await rig.command("HGETALL", "nplus1:session:s")).toEqual(before);
  expect(core.peek("s", session.version)).toBe(session);
  await killCores(rig.command);
  await until("the store is there", async () => valuesOf(await core.read("s", undefined))?.["k"] === 1);
  const fresh = await rig.open();
  expect(valuesOf(await fresh.read("s", undefined))).toEqual({ k: 1 });
  await rig.command("PEXPIRE", "nplus1:session:s", "1000");
  await fresh.touch({ ...session, version: session.version });
  await (await rig.open()).touch(session);
  expect(Number(await rig.command("PTTL", "nplus1:session:s"))).toBeGreaterThan(50_000);
  expect(await core.destroy("s")).toBe(true);
  await rig.command("CONFIG", "SET", "maxmemory", "0");
  session = await core.create("s", set({ k: 4 }).set);
  expect(valuesOf(await fresh.read("s", session.version))).toEqual({ k: 4 });
});

test("a store that refuses writes for the moment is waited for", async () => {
  const rig = await rigOf();
  const core = await rig.open();
  const session = await core.create("s", set({ k: 1 }).set);
  await rig.command("CONFIG", "SET", "min-replicas-to-write", "1");
  const writing = core.merge(session, set({ k: 2 }));
  await delay(400);
  expect(core.peek("s", session.version)).toBeDefined();
  await rig.command("CONFIG", "SET", "min-replicas-to-write", "0");
  expect(valuesOf(await writing)).toEqual({ k: 2 });
});

test("a server that does not track keys serves all the same, and its loss of data is noticed", async () => {
  const rig = await rigOf(["--rename-command", "CLIENT", ""]);
  const [one, other] = [await rig.open(), await rig.open()];
  const first = await one.create("s", set({ k: 1 }).set);
  expect(valuesOf(await other.read("s", first.version))).toEqual({ k: 1 });
  const second = await one.merge(first, set({ k: 2 }));
  await until("the other core has heard of it", () => other.peek("s", first.version) === undefined);
  expect(valuesOf(await other.read("s", second.version))).toEqual({ k: 2 });
  await rig.command("FLUSHALL");
  await until("the session is there again", async () => (await rig.command("EXISTS", "nplus1:session:s")) === 1);
});

test("a server that forgets its scripts is told them again", async () => {
  const rig = await rigOf();
  const core = await rig.open();
  const session = await core.create("s", set({ k: 1 }).set);
  await rig.command("SCRIPT", "FLUSH");
  expect(valuesOf(await core.merge(session, set({ k: 2 })))).toEqual({ k: 2 });
  await rig.command("SCRIPT", "FLUSH");
  expect(await core.destroy("s")).toBe(true);
});

test("a change by hand is seen, and a session that is deleted by hand is gone", async () => {
  const rig = await rigOf();
  const core = await rig.open();
  const { version } = await core.create("s", set({ k: 1 }).set);
  await rig.command("HSET", "nplus1:session:s", "f:k", `${version.n}:7`);
  await until("the copy is dropped", () => core.peek("s", version) === undefined);
  expect(valuesOf(await core.read("s", version))).toEqual({ k: 7 });
  await rig.command("DEL", "nplus1:session:s");
  await until("the copy is dropped", () => core.peek("s", version) === undefined);
  expect(await core.read("s", version)).toBeUndefined();
});

test("an answer that repeats the question tells no session's id", async () => {
  const rig = await rigOf(["--rename-command", "EVALSHA", "", "--rename-command", "EVAL", ""]);
  const core = await rig.open();
  await expect(core.read("a-secret-id", undefined)).rejects.toThrow(/^the session store refused: ERR unknown command 'EVALSHA'$/);
});

test("what a session must not be is refused in the store's name, without its content", async () => {
  const rig = await rigOf();
  const core = await rig.open();
  await rig.command("SET", "nplus1:session:text", "a-secret");
  await expect(core.read("text", undefined)).rejects.toThrow(/the session store refused: WRONGTYPE/);
  await rig.command("HSET", "nplus1:session:odd", "v", "a-secret");
  await expect(core.read("odd", undefined)).rejects.toThrow(/^the session store refused: it holds a session whose version is none$/);
  await rig.command("FLUSHALL");
  await until("the refill is over and nothing was thrown", async () => (await core.ids()).length === 0);
});
