/** A longer gap between two readings means that the agent itself did not run, in milliseconds. */
const GAP_MS = 150;
const READ_EVERY_MS = 50;

/**
 * Milliseconds in which the agent was awake. On a node whose processors are taken, the agent is late too: time that it slept through is
 * not time in which an application failed to answer it.
 */
export class AwakeClock {
  readonly #monotonic: () => number;
  readonly #timer: NodeJS.Timeout;
  #readAt: number;
  #slept = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#readAt = monotonic();
    this.#timer = setInterval(() => this.now(), READ_EVERY_MS).unref();
  }

  now(): number {
    const at = this.#monotonic();
    const gap = at - this.#readAt;
    if (gap > GAP_MS) this.#slept += gap - READ_EVERY_MS;
    this.#readAt = at;
    return at - this.#slept;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Of the machine since it booted: the same in every process. */
export const sinceBootMs = (): number => Number(process.hrtime.bigint()) / 1e6;
