import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { SessionsOptions } from "../../../../node/sessions/open";
import type { Answer, Name, Requests } from "./protocol";

/** A request that the node refused, or did not answer. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Builds the program of a node into a folder. */
export function buildNode(folder: string): string {
  const outfile = join(folder, "node.cjs");
  buildSync({ entryPoints: [join(__dirname, "node.main.ts")], outfile, bundle: true, platform: "node", target: "node24", format: "cjs" });
  return outfile;
}

/** A process with a core of its own. */
export class Node {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly said: string[] = [];
  #number = 0;

  constructor(
    program: string,
    readonly name: string,
    options: SessionsOptions,
  ) {
    this.#child = fork(program, [JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (chunk: Buffer) => this.said.push(chunk.toString()));
    this.#child.on("message", (answer: Answer) => {
      this.#waiting.get(answer.number)?.(answer);
      this.#waiting.delete(answer.number);
    });
    this.#child.on("exit", () => {
      for (const [number, done] of this.#waiting) done({ number, code: "node-died", message: `node ${name} died` });
      this.#waiting.clear();
    });
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @throws Refused */
  async ask<N extends Name>(name: N, ...args: Parameters<Requests[N]>): Promise<ReturnType<Requests[N]>> {
    if (!this.isAlive) throw new Refused("node-dead", `node ${this.name} is dead`);
    this.#number += 1;
    const number = this.#number;
    const { result, code, message } = await new Promise<Answer>((resolve) => {
      this.#waiting.set(number, resolve);
      this.#child.send({ number, name, args }, (error) => {
        if (error) resolve({ number, code: "node-died", message: error.message });
      });
    });
    if (code !== undefined) throw new Refused(code, message ?? code);
    return result as ReturnType<Requests[N]>;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
