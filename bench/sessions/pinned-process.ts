import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const START_LIMIT_MS = 15_000;

/** A process on one core, which ends with this one however that ends. */
export class PinnedProcess {
  #said = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => (this.#said = (this.#said + data.toString()).slice(-4000)));
  }

  /** @param before what to run it in, as `ip netns exec <name>` */
  static start(name: string, core: number, argv: readonly string[], before: readonly string[] = []): PinnedProcess {
    const [command = "", ...args] = [...before, "setpriv", "--pdeathsig", "KILL", "taskset", "-c", String(core), ...argv];
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_ENV: "production" } });
    child.on("error", () => undefined);
    return new PinnedProcess(child, name);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** The last it printed. */
  get lastWords(): string {
    return this.#said.trim();
  }

  /** The port it prints. */
  port(): Promise<number> {
    return this.until("its port", async () => Number(/^(\d+)$/m.exec(this.#said)?.[1] ?? Number.NaN) || undefined);
  }

  /** Asks until there is an answer. @throws Error with the process's last words, after a limit or when it has ended */
  async until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      const hasEnded = this.child.exitCode !== null || this.child.pid === undefined;
      if (hasEnded || performance.now() > deadline) {
        throw new Error(`${this.name} ${hasEnded ? "ended" : `did not show ${what} within ${START_LIMIT_MS} ms`}: ${this.lastWords}`);
      }
      await delay(20);
    }
  }

  /** Milliseconds of processor time so far, of all threads that live. @see https://docs.kernel.org/scheduler/sched-stats.html */
  cpuMs(): number {
    const folder = `/proc/${this.pid}/task`;
    const nanoseconds = readdirSync(folder).map((thread) => Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]));
    return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1e6;
  }

  async stop(): Promise<void> {
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }
}
