import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";

export interface CurrentTokenArgs {
  /** From Secrets Manager. */
  read: () => Promise<string>;
  /** Told of the first token and of each new one, before anyone here uses it. */
  publish: (token: string) => Promise<void>;
  /** A rotated token reaches the node within this time, in milliseconds; the one before it is good until the next rotation. */
  lookMs: number;
  /** After a fault, and between two looks when the store refuses the token again and again. */
  againMs: number;
  log: Logger;
}

/** The session store's AUTH token, kept current. */
export class CurrentToken {
  readonly #args: CurrentTokenArgs;
  #known: string | undefined;
  #looking: Promise<string> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(args: CurrentTokenArgs) {
    this.#args = args;
  }

  /** @throws when there is none yet, and none to be had */
  async token(): Promise<string> {
    return this.#known ?? this.#look();
  }

  /** The store refused it: it may have been rotated. */
  refused(): void {
    if (performance.now() - this.#lookedAt >= this.#args.againMs) void this.#tried();
  }

  /** Looks now and then, until stopped. */
  async watch(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const isRead = await this.#tried();
      // The end of the wait is no fault.
      await pause(isRead ? this.#args.lookMs : this.#args.againMs, undefined, { signal: stopped, ref: false }).catch(() => undefined);
    }
  }

  async #tried(): Promise<boolean> {
    try {
      await this.#look();
      return true;
    } catch (error) {
      this.#args.log.warn({ reason: (error as Error).message }, "the session store's token could not be read");
      return false;
    }
  }

  /** One look for all who ask at the same time. */
  #look(): Promise<string> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<string> {
    this.#lookedAt = performance.now();
    const token = await this.#args.read();
    if (token === this.#known) return token;
    await this.#args.publish(token);
    if (this.#known !== undefined) this.#args.log.info("the session store's token was rotated");
    this.#known = token;
    return token;
  }
}
