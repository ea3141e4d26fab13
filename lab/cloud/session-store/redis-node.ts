import type { ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseInfo } from "./failover";
import { redisCommands } from "./redis-client";

const START_LIMIT_MS = 10_000;
const SYNC_LIMIT_MS = 30_000;
const POLL_MS = 50;

export interface NodeFiles {
  /** Where its files are; made anew at each start. */
  folder: string;
  /** A short path. */
  socket: string;
  certPem: string;
  keyPem: string;
  caPem: string;
}

/** The process of one node. */
export class RedisNode {
  #child: ChildProcess | undefined;

  constructor(
    readonly id: string,
    private readonly files: NodeFiles,
    private readonly secret: string,
    private readonly spawn: (configFile: string) => ChildProcess,
    private readonly onExit: (id: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.isRunning ? this.#child?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it answers. */
  async start(config: string): Promise<void> {
    const { folder, socket, certPem, keyPem, caPem } = this.files;
    rmSync(folder, { recursive: true, force: true });
    rmSync(socket, { force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
    write("node.pem", certPem);
    write("node.key", keyPem);
    write("ca.pem", caPem);
    write("redis.conf", config);
    const child = this.spawn(join(folder, "redis.conf"));
    this.#child = child;
    child.once("exit", () => this.#child === child && this.onExit(this.id));
    await this.#until("to answer", START_LIMIT_MS, async () => (await this.commands([["PING"]]))[0] === "PONG");
  }

  /** Resolves when a replica has all that its primary has. */
  synced(): Promise<void> {
    return this.#until("to have its primary's data", SYNC_LIMIT_MS, async () => (await this.replication()).get("master_link_status") === "up");
  }

  /** `INFO replication`. */
  async replication(): Promise<Map<string, string>> {
    const [text] = await this.commands([["INFO", "replication"]]);
    return parseInfo(String(text));
  }

  commands(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    return redisCommands(this.files.socket, this.secret, commands);
  }

  /** Its end is then news to nobody. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      await new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      });
    }
    rmSync(this.files.folder, { recursive: true, force: true });
  }

  /** As a fault would end it. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async #until(what: string, limitMs: number, look: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + limitMs;
    let seen = "nothing";
    while (performance.now() < deadline) {
      if (!this.isRunning) throw new Error(`${this.id}: redis-server ended while the lab waited for it ${what}; see its log`);
      const isDone = await look().catch((error: Error) => {
        seen = error.message;
        return false;
      });
      if (isDone) return;
      await delay(POLL_MS);
    }
    throw new Error(`gave up waiting for ${this.id} ${what} after ${limitMs} ms, last seen: ${seen}`);
  }
}
