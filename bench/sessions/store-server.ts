import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type RedisClientType } from "redis";
import { type Called, type CommandCounts, parseCommandStats, parseMonitorLine } from "./command-counts";
import { PinnedProcess } from "./pinned-process";

export interface StoreServer {
  readonly host: string;
  readonly port: number;
  counts(): Promise<CommandCounts>;
  /** What the server was told meanwhile, by whomever. */
  watched(work: () => Promise<void>): Promise<Called[]>;
  cpuMs(): number;
  /** `redis 7.0.15` or `valkey 8.1.0` */
  readonly version: string;
  stop(): Promise<void>;
}

/** A server that keeps nothing on disk. @param before what to run it in */
export async function startStore(core: number, host: string, before: readonly string[] = []): Promise<StoreServer> {
  const folder = mkdtempSync(join(tmpdir(), "nplus1-bench-"));
  const port = await freePort();
  const own = ["--port", String(port), "--bind", host, "--protected-mode", "no", "--dir", folder, "--save", "", "--appendonly", "no"];
  const server = PinnedProcess.start("the store", core, [serverCommand(), ...own], before);
  const client = createClient({ url: `redis://${host}:${port}`, socket: { reconnectStrategy: 50 } });
  // Until it listens.
  client.on("error", () => undefined);
  void client.connect().catch(() => undefined);
  const stop = async (): Promise<void> => {
    client.destroy();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.until("an answer", async () => (client.isReady ? true : undefined));
    return {
      host,
      port,
      watched: (work) => watched(client.duplicate(), work),
      counts: async () => parseCommandStats(await client.info("commandstats")),
      cpuMs: () => server.cpuMs(),
      version: versionIn(await client.info("server")),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function watched(client: RedisClientType, work: () => Promise<void>): Promise<Called[]> {
  const called: Called[] = [];
  await client.connect();
  await client.monitor((line) => {
    const parsed = parseMonitorLine(line.toString());
    if (parsed) called.push(parsed);
  });
  try {
    await work();
  } finally {
    client.destroy();
  }
  return called;
}

function versionIn(info: string): string {
  const of = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const valkey = of("valkey_version");
  return valkey ? `valkey ${valkey}` : `redis ${of("redis_version") ?? "of unknown version"}`;
}

function serverCommand(): string {
  const commands = ["valkey-server", "redis-server"];
  const found = commands.find((command) => spawnSync(command, ["--version"]).status === 0);
  if (found === undefined) throw new Error(`the benchmark needs one of ${commands.join(", ")}`);
  return found;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
