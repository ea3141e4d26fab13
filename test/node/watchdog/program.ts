import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildSync } from "esbuild";
import { sinceBootMs } from "../../../node/health/awake-clock";
import { WatchedLoops } from "../../../node/health/watched-loops";
import type { WatchdogMessage } from "../../../node/watchdog/message";

type Stall = Extract<WatchdogMessage, { say: "stalled" }>;

/** An agent's end, and Node.js programs with the watchdog as it is shipped in them. */
export class Watched {
  readonly folder = mkdtempSync(join(tmpdir(), "nplus1-watchdog-"));
  readonly socketPath = join(this.folder, "run/watchdog.sock");
  readonly stalls: (Stall & { at: number })[] = [];
  readonly #bundle = join(this.folder, "watchdog.cjs");
  readonly #children: ChildProcess[] = [];
  loops: WatchedLoops;

  constructor() {
    this.loops = this.#newLoops();
    buildSync({ entryPoints: ["node/watchdog/main.ts"], bundle: true, platform: "node", target: "node18", format: "cjs", outfile: this.#bundle });
  }

  async listenAnew(): Promise<void> {
    this.loops.close();
    this.loops = this.#newLoops();
    await this.loops.listen();
  }

  start(script: string, words: string[] = [], env: NodeJS.ProcessEnv = {}) {
    const { PATH } = process.env;
    const child = spawn(process.execPath, [...words, "-e", script], {
      env: { PATH, NODE_OPTIONS: `--require=${this.#bundle}`, NPLUS1_WATCHDOG_SOCKET: this.socketPath, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#children.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const ended = new Promise<{ code: number | null; text: string }>((done) => child.once("close", (code) => done({ code, text })));
    return { pid: child.pid ?? 0, child, ended, text: () => text };
  }

  /** Until it holds, and at most 8 s. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const limit = performance.now() + 8000;
    while (!holds()) {
      if (performance.now() > limit) throw new Error(`waited 8 s for ${what}; the programs said ${JSON.stringify(this.loops.all)}`);
      await pause(10);
    }
  }

  end(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    this.loops.close();
    rmSync(this.folder, { recursive: true });
  }

  #newLoops(): WatchedLoops {
    return new WatchedLoops({
      socketPath: this.socketPath,
      gid: process.getgid?.() ?? 0,
      clock: sinceBootMs,
      onStall: (stall) => this.stalls.push({ ...stall, at: sinceBootMs() }),
    });
  }
}

export const SERVER = 'require("node:http").createServer((_, response) => response.end()).listen(0, "127.0.0.1");';
