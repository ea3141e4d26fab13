import { type ChildProcess, spawn } from "node:child_process";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { HaproxyFiles } from "./haproxy-config";
import { ask, askMaster } from "./unix-socket";
import { parseWorkers } from "./workers";

const START_LIMIT_MS = 10_000;
const POLL_MS = 10;

/** HAProxy as a master with one worker, and the workers of before that still finish what they hold. */
export class HaproxyProcess {
  #master: ChildProcess | undefined;

  constructor(
    private readonly binary: string,
    private readonly folder: string,
    /** The highest inherited file descriptor that the configuration may name. */
    private readonly lastFd: number,
    /** Descriptor for what HAProxy says. */
    private readonly log: number,
    private readonly onExit: (reason: string) => void,
  ) {}

  /** Starts or reloads; resolves when the worker of this revision serves. Refuses a configuration that HAProxy does not accept. */
  async serve(files: HaproxyFiles, revision: number): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      // The folder holds keys, and a reload must never read half a file.
      await writeFile(join(this.folder, `${name}.new`), text, { mode: 0o600 });
      await rename(join(this.folder, `${name}.new`), join(this.folder, name));
    }
    await this.#check();
    if (this.#master === undefined) this.#master = this.#start();
    else this.#master.kill("SIGUSR2");
    await this.#serving(revision);
  }

  async workers(): Promise<{ current: number[]; old: number[] }> {
    return parseWorkers(await askMaster(join(this.folder, "master.sock"), "show proc"));
  }

  command(worker: number, command: string): Promise<string> {
    return askMaster(join(this.folder, "master.sock"), `@!${worker} ${command}`);
  }

  stop(): void {
    this.#master?.removeAllListeners("exit");
    this.#master?.kill("SIGTERM");
    this.#master = undefined;
  }

  #start(): ChildProcess {
    // The workers end with their master, and the master with this process, however that ends.
    const argv = ["--pdeathsig", "TERM", this.binary, "-W", "-S", `${join(this.folder, "master.sock")},mode,600`, "-f", this.#config];
    const child = spawn("setpriv", argv, { stdio: this.#stdio });
    child.on("error", (error) => this.onExit(`haproxy could not be started: ${error.message}`));
    child.on("exit", (code, signal) => this.onExit(`haproxy ended with ${signal ?? `code ${code}`}`));
    return child;
  }

  async #check(): Promise<void> {
    const check = spawn(this.binary, ["-c", "-f", this.#config], { stdio: ["ignore", "ignore", "pipe", ...this.#inherited] });
    const errors: Buffer[] = [];
    check.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
    const code = await new Promise<number | null>((resolve, reject) => check.on("error", reject).on("close", resolve));
    if (code !== 0) throw new Error(`haproxy refuses its configuration: ${Buffer.concat(errors).toString().trim()}`);
  }

  async #serving(revision: number): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    let seen = "";
    while (performance.now() < deadline) {
      seen = await ask(join(this.folder, "worker.sock"), "show info").catch((error: Error) => error.message);
      // The worker serves a moment before its master answers again.
      if (new RegExp(`^description: revision-${revision}$`, "m").test(seen) && (await this.#masterAnswers())) return;
      await delay(POLL_MS);
    }
    throw new Error(`gave up waiting for haproxy to serve revision ${revision} after ${START_LIMIT_MS} ms, last seen: ${seen.split("\n")[0]}`);
  }

  #masterAnswers(): Promise<boolean> {
    return this.workers().then(
      ({ current }) => current.length > 0,
      () => false,
    );
  }

  get #config(): string {
    return join(this.folder, "haproxy.cfg");
  }

  get #inherited(): number[] {
    return Array.from({ length: Math.max(0, this.lastFd - 2) }, (_, index) => index + 3);
  }

  get #stdio() {
    return ["ignore" as const, this.log, this.log, ...this.#inherited];
  }
}
