import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";

/**
 * Runs probes side by side, each with its own limit and never two looks of one at once: a probe that hangs is late, and holds up no other.
 * What a probe found last stands until its next look ends.
 */
export class LookOut {
  readonly #watched: Watched[];

  constructor(probes: readonly Probe[]) {
    this.#watched = probes.map((probe) => new Watched(probe));
  }

  /** Ends with the slowest look, at the latest when `waitMs` have passed. */
  async look(now: number, waitMs: number): Promise<Evidence[]> {
    const ends = Promise.allSettled(this.#watched.map((watched) => watched.begin(now)));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([ends, late]);
    clearTimeout(timer);
    return this.#watched.map((watched) => watched.evidence(now));
  }

  forget(): void {
    for (const watched of this.#watched) watched.forget();
  }
}

class Watched {
  readonly #probe: Probe;
  #found: Evidence;
  #begunAt = 0;
  #look: Promise<void> | undefined;

  constructor(probe: Probe) {
    this.#probe = probe;
    this.#found = ok(probe.name);
  }

  begin(now: number): Promise<void> {
    if (this.#look !== undefined) return this.#look;
    this.#begunAt = now;
    this.#look = this.#probe
      .look(now)
      .then(
        (found) => {
          this.#found = found;
        },
        (error: Error) => {
          this.#found = this.#unable(`failed: ${error.message}`, 0);
        },
      )
      .finally(() => {
        this.#look = undefined;
      });
    return this.#look;
  }

  forget(): void {
    this.#probe.forget?.();
    this.#found = ok(this.#probe.name);
  }

  evidence(now: number): Evidence {
    const { name, limitMs, late } = this.#probe;
    const sinceMs = now - this.#begunAt;
    if (this.#look === undefined || sinceMs < limitMs) return this.#found;
    return { probe: name, ...late, reason: `the look at ${name} has not ended for ${Math.round(sinceMs)} ms`, sinceMs };
  }

  /** A fault of the probe is no fault of the node: it is told, and nothing is done about it. */
  #unable(what: string, sinceMs: number): Evidence {
    const { name, late } = this.#probe;
    return { probe: name, level: "warn", cause: late.cause, reason: `the look at ${name} ${what}`, sinceMs };
  }
}
