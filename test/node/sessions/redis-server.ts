import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const START_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 5000;

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Its log and data. */
  readonly folder: string;
  signal(name: NodeJS.Signals): void;
  /** Ends the process (also a stopped one) and removes its folder. */
  stop(): Promise<void>;
}

/** A real redis-server on loopback that keeps nothing on disk, answering when this resolves. `args`: more of redis-server's, as `["--appendonly", "yes"]`. */
export async function startRedis(args: readonly string[] = [], port?: number): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "nplus1-redis-"));
  const chosen = port ?? (await freePort());
  const own = ["--port", String(chosen), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", [...own, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  try {
    await answering(child, chosen);
  } catch (cause) {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`redis-server on port ${chosen} did not answer: ${said.join("").slice(-500)}`, { cause });
  }
  return {
    port: chosen,
    pid: child.pid as number,
    url: `redis://127.0.0.1:${chosen}`,
    folder,
    signal: (name) => void child.kill(name),
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Any answer will do: with `--requirepass` it is an error. */
async function answering(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await ping(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    if (performance.now() > deadline) throw new Error(`nothing within ${START_LIMIT_MS} ms`);
    await delay(10);
  }
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const answer = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.on("data", () => answer(true)).on("error", () => answer(false));
    socket.setTimeout(1000, () => answer(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  // Nothing is kept on disk, and a process that was stopped with SIGSTOP hears no other signal.
  child.kill("SIGKILL");
  await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
}
