import { createClient } from "redis";
import { EVENTS_FIELD, EVENTS_KEY, type ClusterEvent } from "../../../contract/events";
import { REGISTRY_TTL_MS, registryKey, SERVING_KEY } from "../../../contract/registry";
import { actionKey, WATCH_KEY } from "../../../contract/sentinel";
import { type ActionRecord, nothingYet } from "../../../lambda/sentinel/memory";
import { Store } from "../../../lambda/sentinel/store";
import { type RedisServer, startRedis } from "../../node/sessions/redis-server";

let redis: RedisServer;
let plain: ReturnType<typeof createClient>;
let store: Store;

beforeAll(async () => {
  redis = await startRedis(["--requirepass", "token"]);
  plain = createClient({ url: redis.url, password: "token" });
  await plain.connect();
  store = new Store({ host: "127.0.0.1", port: redis.port, token: async () => "token", tls: false });
});

beforeEach(async () => void (await plain.flushAll()));

afterAll(async () => {
  store.close();
  plain.destroy();
  await redis.stop();
});

const entry = (id: string) => JSON.stringify({ id, ip: "10.0.0.1", state: "suspect", whatALaterReleaseSays: true });

test("every node that has an entry is seen, whatever else its release says of itself", async () => {
  expect(await store.entries()).toEqual([]);
  for (const id of ["i-1", "i-2"]) await plain.set(registryKey(id), entry(id), { PX: REGISTRY_TTL_MS });
  await plain.set("nplus1:nodes-of-something-else", "x");
  const found = await store.entries();
  expect(found.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: "i-1", ip: "10.0.0.1", state: "suspect" },
    { id: "i-2", ip: "10.0.0.1", state: "suspect" },
  ]);
});

test("what is remembered is there again, for a time", async () => {
  const record: ActionRecord = { step: "restart", begunAt: 1, doneAt: null, recoveredAt: null, restarts: 1 };
  const watch = { ...nothingYet, silentSince: { "i-1": 5 }, ips: { "i-1": "10.0.0.1" } };
  expect(await store.memory(["i-1"])).toEqual({ watch: nothingYet, records: {} });
  await store.keepWatch(watch);
  await store.keepRecord("i-1", record);
  expect(await store.memory(["i-1", "i-2"])).toEqual({ watch, records: { "i-1": record } });
  for (const key of [WATCH_KEY, actionKey("i-1")]) expect(await plain.pTTL(key)).toBeGreaterThan(60_000);
});

test("what another version remembered is forgotten", async () => {
  await plain.set(WATCH_KEY, '{"silentSince":[]}');
  expect((await store.memory([])).watch).toEqual(nothingYet);
});

test("a token is given when n others serve, and not before", async () => {
  const later = Date.now() + 60_000;
  await plain.zAdd(SERVING_KEY, { score: later, value: "i-2" });
  expect(await store.takeToken("i-1", 2)).toEqual({ granted: false, others: 1 });
  await plain.zAdd(SERVING_KEY, { score: later, value: "i-3" });
  expect(await store.takeToken("i-1", 2)).toEqual({ granted: true, others: 2 });
});

test("an event is in the stream that all nodes write to", async () => {
  const event: ClusterEvent = {
    ...{ id: "e-1", at: "2026-11-24T13:00:00.000Z", source: "nplus1.sentinel", event: "common-cause" },
    ...{ node: null, reason: "why", cause: null, dependency: null, details: {} },
  };
  await store.tell(event);
  const kept = await plain.xRange(EVENTS_KEY, "-", "+");
  expect(JSON.parse(kept?.[0]?.message[EVENTS_FIELD] ?? "")).toEqual(event);
});

test("fails while the store does not answer, and works again when it does", async () => {
  redis.signal("SIGSTOP");
  await expect(store.entries()).rejects.toThrow(/has not answered for 4000 ms|timeout/i);
  redis.signal("SIGCONT");
  expect(await store.entries()).toEqual([]);
});

test("fails with a token that the store does not take", async () => {
  const stranger = new Store({ host: "127.0.0.1", port: redis.port, token: async () => "another", tls: false });
  await expect(stranger.entries()).rejects.toThrow(/WRONGPASS/);
  stranger.close();
});
