import type { Expression } from "./expression";

/** One thing that happens again and again. */
export interface Timed {
  /** Who has the same key and version is the same, and keeps its time. */
  key: string;
  version: string;
  expression: Expression;
  /** Rates count from here. */
  start: Date;
  end: Date | undefined;
  /** Does it begin at once? */
  atOnce: boolean;
  fire: () => Promise<void>;
}

/** The longest time that a timer of Node.js can be set to, in milliseconds. */
const LONGEST_MS = 2_147_483_647;

/** Fires what is due. What is late (the machine slept) fires once. */
export class Clock {
  readonly #all = new Map<string, { timed: Timed; next: Date | undefined }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** All there is from now on. */
  set(wanted: readonly Timed[]): void {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const key of this.#all.keys()) if (!keys.has(key)) this.#all.delete(key);
    const now = new Date();
    for (const timed of wanted) {
      const known = this.#all.get(timed.key);
      if (known?.timed.version === timed.version) known.timed = { ...timed, start: known.timed.start };
      else this.#all.set(timed.key, { timed, next: timed.atOnce && timed.start <= now ? now : this.#nextOf(timed, now) });
    }
    this.#wind();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#all.clear();
  }

  #nextOf(timed: Timed, now: Date): Date | undefined {
    const before = new Date(Math.max(now.getTime(), timed.start.getTime() - 1));
    const next = timed.expression.after(before, timed.start);
    return next && timed.end && next > timed.end ? undefined : next;
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const times = [...this.#all.values()].flatMap(({ next }) => (next ? [next.getTime()] : []));
    if (times.length === 0) return;
    this.#timer = setTimeout(() => this.#ring(), Math.min(Math.max(Math.min(...times) - Date.now(), 0), LONGEST_MS));
    this.#timer.unref();
  }

  #ring(): void {
    const now = new Date();
    for (const one of this.#all.values()) {
      if (!one.next || one.next > now) continue;
      one.next = this.#nextOf(one.timed, now);
      one.timed.fire().catch(this.onFailure);
    }
    this.#wind();
  }
}
