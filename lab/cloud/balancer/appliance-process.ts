import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { DesiredState } from "../../alb/desired-state";
import { type Report, reportSchema } from "../../alb/report";

/** An appliance that ends by itself is started again after this, in milliseconds. */
const RESTART_MS = 500;

/** The process of one load balancer, kept running and told what it must be. */
export class ApplianceProcess {
  #child: ChildProcess | undefined;
  #generation = 0;
  #last = "";
  #stopped = false;

  constructor(
    private readonly start: () => ChildProcess,
    private readonly onReport: (report: Report) => void,
    private readonly onDown: () => void,
  ) {
    this.#run();
  }

  /** Sends the state when it is another than the one before. */
  feed(state: Omit<DesiredState, "generation">): void {
    const text = JSON.stringify(state);
    if (text === this.#last) return;
    this.#last = text;
    this.#send(state);
  }

  /** Resolves when the process is gone. */
  stop(): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  #run(): void {
    const child = this.start();
    this.#child = child;
    if (child.stdout === null || child.stdin === null) throw new Error("alb: must be started with pipes");
    createInterface({ input: child.stdout }).on("line", (line) => this.onReport(reportSchema.parse(JSON.parse(line))));
    // Its end says why; what could not be written is sent again to the next one.
    child.stdin.on("error", () => undefined);
    child.once("exit", () => {
      if (this.#stopped) return;
      this.onDown();
      setTimeout(() => !this.#stopped && this.#run(), RESTART_MS);
    });
    if (this.#last !== "") this.#send(JSON.parse(this.#last) as Omit<DesiredState, "generation">);
  }

  #send(state: Omit<DesiredState, "generation">): void {
    this.#generation += 1;
    this.#child?.stdin?.write(`${JSON.stringify({ generation: this.#generation, ...state })}\n`);
  }
}
