import { createClient } from "redis";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeEntry, nodeEntrySchema } from "../../../contract/registry";
import { ValkeyRegistry } from "../../../node/registry/registry";
import { reached, RunningStore } from "./running-store";

const entry: NodeEntry = {
  id: "i-1",
  zone: "us-east-1a",
  ip: "10.0.0.4",
  release: "a".repeat(64),
  state: "healthy",
  inFlight: 0,
  settingsVersion: null,
  lastBackup: null,
  pids: { agent: 1, gate: 2, app: 3 },
  trouble: null,
  at: "2026-11-24T09:00:00.000Z",
};

describe("the registry", () => {
  let store: RunningStore;
  let registry: ValkeyRegistry;

  const raw = async <T>(ask: (client: ReturnType<typeof createClient>) => Promise<T>, password = "first"): Promise<T> => {
    const client = createClient({ socket: { host: "127.0.0.1", port: store.port }, password });
    await client.connect();
    try {
      return await ask(client as ReturnType<typeof createClient>);
    } finally {
      client.destroy();
    }
  };
  const isThere = () => reached("the store", async () => (await registry.renew(entry)) !== undefined);

  beforeEach(async () => {
    store = await RunningStore.start();
    registry = new ValkeyRegistry(store.connection());
  });
  afterEach(() => store.stop());

  test("keeps the node's entry, which is gone 5 s after its last renewal", async () => {
    await isThere();
    const [value, ttlMs] = await raw((client) => Promise.all([client.get("nplus1:node:i-1"), client.pTTL("nplus1:node:i-1")]));
    expect(nodeEntrySchema.parse(JSON.parse(value ?? ""))).toEqual(entry);
    expect(ttlMs).toBeGreaterThan(4000);
    expect(ttlMs).toBeLessThanOrEqual(5000);
  });

  test("tells what all nodes say, past those that are gone and what is no entry", async () => {
    await isThere();
    const ill = {
      ...entry,
      id: "i-2",
      ip: "10.0.0.5",
      state: "suspect" as const,
      trouble: { cause: "no-answer" as const, dependency: null, forMs: 300 },
    };
    await registry.renew(ill);
    await registry.renew({ ...entry, id: "i-3" });
    await raw(async (client) => {
      await client.del("nplus1:node:i-3");
      await client.set("nplus1:node:i-4", "no JSON");
      await client.zAdd("nplus1:nodes", { score: Date.now() + 5000, value: "i-4" });
    });
    const { id, ip, release, state, trouble } = entry;
    expect(await registry.renew(entry)).toEqual([
      { id, ip, release, state, trouble },
      { id: "i-2", ip: "10.0.0.5", release, state: "suspect", trouble: ill.trouble },
    ]);
  });

  test("does not fail while the store is away, and comes back with a token that was changed meanwhile", async () => {
    await isThere();
    await store.kill();
    expect(await registry.renew(entry)).toBeUndefined();
    expect(store.logged.at(-1)).toBe("the session store is away");
    store.token = "second";
    store.run("second");
    await isThere();
    expect(store.logged.at(-1)).toBe("the session store is there again");
    expect(await raw((client) => client.get("nplus1:node:i-1"), "second")).toBe(JSON.stringify(entry));
    expect(store.refused).toBe(0);
  }, 20_000);

  test("says when the store refuses the token, and comes back with the next one", async () => {
    await isThere();
    await store.kill();
    store.run("second");
    await reached("the refusal", async () => {
      await registry.renew(entry);
      await pause(20);
      return store.refused > 0;
    });
    store.token = "second";
    await isThere();
  }, 20_000);
});
