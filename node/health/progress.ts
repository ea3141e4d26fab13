import type { GateStatus } from "../gate/gate-socket";
import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";

const PROBE = "progress";
/** Milliseconds in which requests are in the application and none of them ends. */
const NONE_ENDED_MS = 1000;

/**
 * Requests that are in the application, whatever its language, and whether any of them ends. By itself this is a warning: long requests are
 * no hang.
 */
export class Progress implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "gate" } as const;
  readonly #gate: () => Promise<GateStatus>;
  readonly #clock: () => number;
  #ended: number | undefined;
  #since = 0;

  constructor(gate: () => Promise<GateStatus>, clock: () => number) {
    this.#gate = gate;
    this.#clock = clock;
  }

  async look(): Promise<Evidence> {
    const { inApp, admitted } = await this.#gate();
    const now = this.#clock();
    const ended = admitted - inApp;
    if (inApp === 0 || ended !== this.#ended) {
      this.#ended = ended;
      this.#since = now;
      return ok(PROBE);
    }
    const sinceMs = now - this.#since;
    if (sinceMs < NONE_ENDED_MS) return ok(PROBE);
    const reason = `none of ${inApp} requests in the application has ended for ${Math.round(sinceMs)} ms`;
    return { probe: PROBE, level: "warn", cause: "no-progress", reason, sinceMs };
  }

  forget(): void {
    this.#ended = undefined;
  }
}
