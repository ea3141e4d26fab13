import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Where set-up keeps the tools. */
export const toolFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "nplus1");

const START_LIMIT_MS = 30_000;

/** A moto of its own for one test file; the SDK finds it by the environment. */
export class Moto {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<Moto> {
    const port = await freePort();
    const env = { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" };
    const child = spawn(join(toolFolder, "moto-5.2.5/bin/moto_server"), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore", env });
    const moto = new Moto(`http://127.0.0.1:${port}`, child);
    const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
    await Promise.race([failed, moto.#answers()]);
    Object.assign(process.env, { AWS_ENDPOINT_URL: moto.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" });
    return moto;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  async #answers(): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      const answer = await fetch(this.url).catch(() => undefined);
      if (answer) return;
      if (performance.now() > deadline) throw new Error(`moto at ${this.url} did not answer within ${START_LIMIT_MS} ms`);
      await delay(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
