import { setTimeout as delay } from "node:timers/promises";
import { LinkLost, StoreAway } from "./errors";
import type { StoreLink } from "./store-link";

/** Between two attempts, in milliseconds: a server may refuse for a moment. */
const PAUSE_MS = 5;

/** How long one request may wait for the store, from the moment it asks. */
export class Deadline {
  readonly #from = performance.now();

  constructor(private readonly limitMs: number) {}

  get leftMs(): number {
    return this.limitMs - (performance.now() - this.#from);
  }

  away(reason: string): StoreAway {
    return new StoreAway(this.limitMs, reason);
  }

  /** @throws StoreAway when it is over. */
  check(reason: string): void {
    if (this.leftMs <= 0) throw this.away(reason);
  }

  /** @throws StoreAway at the limit. */
  async untilUp(link: StoreLink): Promise<void> {
    if (this.leftMs <= 0 || !(await link.whenUp(this.leftMs))) throw this.away(link.reason);
  }

  /** What `work` gives, or StoreAway at the limit; the work itself goes on. */
  async within<T>(work: Promise<T>, link: StoreLink): Promise<T> {
    return firstOf(work, this.leftMs, () => {
      throw this.away(link.isUp ? "no answer" : link.reason);
    });
  }

  /** Before what failed is tried again. @throws StoreAway when there is no time left, and every error but a lost connection */
  async pause(error: unknown): Promise<void> {
    if (!(error instanceof LinkLost)) throw error;
    this.check(error.message);
    await delay(PAUSE_MS);
  }
}

/** What `work` gives, or `late` after some milliseconds. */
export async function firstOf<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  }).then(late);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
