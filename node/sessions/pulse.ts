/** In milliseconds. */
export const BEAT_MS = 100;
/** News counts only this long after the server's last sign of life. */
const LEASE_MS = 300;
/** Beats without an answer after which the connection is given up: it may be black-holed. Counted, not timed: a process that was stopped has missed none. */
const MISSED_BEATS = 8;

/** The signs of life of one connection, by the process's monotonic clock. */
export class Pulse {
  #proof: number;
  #isPending = false;
  #missed = 0;

  /** `heardSince`: all news from then on is heard. */
  constructor(heardSince: number) {
    this.#proof = heardSince;
  }

  /** Whether all news up to a moment ago has certainly arrived. */
  isLive(now: number): boolean {
    return now - this.#proof < LEASE_MS;
  }

  /** Each BEAT_MS. `beat`: ask for a sign of life. `dead`: it has not come for too long. */
  tick(): "beat" | "wait" | "dead" {
    if (this.#isPending) {
      this.#missed += 1;
      return this.#missed >= MISSED_BEATS ? "dead" : "wait";
    }
    this.#isPending = true;
    return "beat";
  }

  /** A command that was sent then was answered: what the server had told before it has arrived. */
  prove(sentAt: number): void {
    this.#proof = Math.max(this.#proof, sentAt);
    this.#missed = 0;
  }

  /** The beat was. */
  beaten(sentAt: number): void {
    this.prove(sentAt);
    this.#isPending = false;
  }
}

export const DEAD_REASON = `no answer for ${MISSED_BEATS * BEAT_MS} ms`;
