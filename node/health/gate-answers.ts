import type { GateStatus } from "../gate/gate-socket";
import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";

const PROBE = "gate";
/** All in milliseconds. A gate answers its socket in one or two, whatever it has to do. */
const ANSWER_MS = 500;
/** systemd starts a gate that ended anew; one that is silent must be ended first. */
const FATAL_MS = 1000;

export interface GateAnswersArgs {
  pid: () => Promise<number | undefined>;
  /** Throws when the gate does not answer. */
  status: () => Promise<GateStatus>;
  /** Milliseconds in which the agent was awake. */
  clock: () => number;
}

/** The gate's process, and whether it answers its socket. */
export class GateAnswers implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "gate" } as const;
  readonly #args: GateAnswersArgs;
  #silentSince: number | undefined;

  constructor(args: GateAnswersArgs) {
    this.#args = args;
  }

  async look(): Promise<Evidence> {
    const from = this.#args.clock();
    const fault = await this.#fault();
    if (fault === undefined) {
      this.#silentSince = undefined;
      return ok(PROBE);
    }
    this.#silentSince ??= from;
    const sinceMs = this.#args.clock() - this.#silentSince;
    return { probe: PROBE, level: sinceMs >= FATAL_MS ? "fatal" : "bad", cause: "gate", reason: fault, sinceMs };
  }

  async #fault(): Promise<string | undefined> {
    if ((await this.#args.pid()) === undefined) return "the gate is not running";
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`the gate has not answered its socket for ${ANSWER_MS} ms`), ANSWER_MS);
    });
    const answered = this.#args.status().then(
      () => undefined,
      (error: Error) => `the gate does not answer its socket: ${error.message}`,
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
