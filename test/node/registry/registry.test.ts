import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { createClient } from "redis";
import { nodeEntrySchema, type NodeEntry } from "../../../contract/registry";
import { ValkeyRegistry } from "../../../node/registry/registry";

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
  at: "2026-11-24T09:00:00.000Z",
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe("the registry", () => {
  let port: number;
  let store: ChildProcess | undefined;
  let registry: ValkeyRegistry;
  let logged: string[];
  let token: string;

  const startStore = (password: string) => {
    store = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--requirepass", password, "--save", ""], {
      stdio: "ignore",
    });
  };
  const stopStore = async () => {
    const gone = new Promise((done) => store?.once("exit", done));
    store?.kill("SIGKILL");
    await gone;
  };
  async function stored(password: string): Promise<{ value: string | null; ttlMs: number }> {
    const client = createClient({ socket: { host: "127.0.0.1", port }, password });
    await client.connect();
    const answer = { value: await client.get("nplus1:node:i-1"), ttlMs: await client.pTTL("nplus1:node:i-1") };
    client.destroy();
    return answer;
  }
  async function renewedUntil(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 8000;
    do {
      if (Date.now() > deadline) throw new Error(`waited 8000 ms for ${what}: ${logged.join(", ")}`);
      await registry.renew(entry);
      await pause(50);
    } while (!is());
  }

  beforeEach(async () => {
    port = await freePort();
    logged = [];
    token = "first";
    const log = pino({}, { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
    registry = new ValkeyRegistry({ store: { primaryHost: "127.0.0.1", port }, token: async () => token, log, tls: false });
  });
  afterEach(async () => {
    registry.close();
    await stopStore();
  });

  test("keeps the node's entry, which is gone 5 s after its last renewal", async () => {
    startStore("first");
    await renewedUntil("the store", () => logged.at(-1) === "the session store is there again");
    await registry.renew(entry);
    const { value, ttlMs } = await stored("first");
    expect(nodeEntrySchema.parse(JSON.parse(value ?? ""))).toEqual(entry);
    expect(ttlMs).toBeGreaterThan(4000);
    expect(ttlMs).toBeLessThanOrEqual(5000);
  });

  test("does not fail while the store is away, and comes back with a token that was changed meanwhile", async () => {
    startStore("first");
    await renewedUntil("the store", () => logged.at(-1) === "the session store is there again");
    await stopStore();
    await renewedUntil("the loss", () => logged.at(-1) === "the session store is away");
    token = "second";
    startStore("second");
    await renewedUntil("the store again", () => logged.at(-1) === "the session store is there again");
    expect((await stored("second")).value).toBe(JSON.stringify(entry));
  }, 20_000);
});
