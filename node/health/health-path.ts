import type { HealthPathAnswer, HealthPathQuestion } from "./ask-health-path";
import { type Evidence, type Fault, isFault, ok } from "./evidence";
import type { Probe } from "./probe";

export interface HealthPathArgs {
  ask: () => HealthPathQuestion;
  /** As it reads in reasons. */
  path: string;
  /** The application's own limit for an answer, in milliseconds. */
  timeoutMs: number;
  /** Milliseconds in which the agent was awake. */
  clock: () => number;
}

const PROBE = "health path";
/** A look waits for its question's answer, but no longer than this. */
const PATIENCE_MS = 200;
/** Of the application's limit: without an answer for so long, with a second question in vain, it hangs. */
const HANG_SHARE = 0.8;
const DOUBT_SHARE = 0.4;
/** Wrong answers in a row. */
const WRONG_IS_FATAL = 3;

interface Open extends HealthPathQuestion {
  askedAt: number;
}

/**
 * Asks each look, and has at most two questions open. A hang is evident while it lasts: by the age of what is not answered, not by a time-out.
 */
export class HealthPath implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "no-answer" } as const;
  readonly #args: HealthPathArgs;
  #open: Open[] = [];
  /** Of the oldest question since the last answer. */
  #silentSince: number | undefined;
  #wrong = 0;
  #wrongSince = 0;
  #last: Evidence | undefined;
  #isNew = false;

  constructor(args: HealthPathArgs) {
    this.#args = args;
  }

  async look(): Promise<Evidence> {
    // What came since the last look is taken only when this one's own question stays open.
    const wasNew = this.#isNew;
    this.#isNew = false;
    this.#giveUpOld();
    if (this.#open.length < 2) this.#ask();
    const until = this.#args.clock() + PATIENCE_MS;
    const answered = Promise.race(this.#open.map(({ answer }) => answer.then(noted, noted)));
    while (!this.#isNew && this.#silence().level !== "fatal") {
      const leftMs = until - this.#args.clock();
      if (leftMs <= 0) break;
      await Promise.race([answered, this.#whenMoreIsKnown(leftMs)]);
    }
    const isHeard = this.#isNew || (wasNew && !isFault(this.#silence()));
    this.#isNew = false;
    return isHeard && this.#last !== undefined ? this.#last : this.#silence();
  }

  forget(): void {
    for (const { give } of this.#open) give();
    this.#open = [];
    this.#silentSince = undefined;
    this.#wrong = 0;
    this.#last = undefined;
    this.#isNew = false;
  }

  #ask(): void {
    const askedAt = this.#args.clock();
    const open: Open = { ...this.#args.ask(), askedAt };
    this.#open.push(open);
    this.#silentSince ??= askedAt;
    const end = (note: () => void) => {
      // Forgotten, or given up, meanwhile.
      if (!this.#open.includes(open)) return;
      this.#open = this.#open.filter((other) => other !== open);
      note();
      this.#isNew = true;
    };
    open.answer.then(
      (answer) => end(() => this.#heard(answer)),
      () => end(() => this.#failed("could not be reached", "no-answer")),
    );
  }

  /** What is older than the application's own limit is asked anew; the silence goes on. */
  #giveUpOld(): void {
    const now = this.#args.clock();
    const old = this.#open.filter(({ askedAt }) => now - askedAt > this.#args.timeoutMs);
    this.#open = this.#open.filter((open) => !old.includes(open));
    for (const { give } of old) give();
  }

  #heard({ status, dependency }: HealthPathAnswer): void {
    this.#silentSince = this.#open[0]?.askedAt;
    if (dependency !== undefined) return this.#failed(`answered ${status} and misses ${dependency}`, "dependency", dependency);
    if (status >= 400) return this.#failed(`answered ${status}`, "wrong-answer");
    this.#wrong = 0;
    this.#last = ok(PROBE);
  }

  #failed(what: string, cause: Fault["cause"], dependency?: string): void {
    const now = this.#args.clock();
    if (this.#wrong === 0) this.#wrongSince = now;
    this.#wrong += 1;
    // Whoever misses something it needs is not ill itself: others may be able to tell.
    const level = this.#wrong >= WRONG_IS_FATAL && cause !== "dependency" ? "fatal" : "bad";
    const fault: Fault = { probe: PROBE, level, cause, reason: `the health path ${this.#args.path} ${what}`, sinceMs: now - this.#wrongSince };
    this.#last = dependency === undefined ? fault : { ...fault, dependency };
  }

  /** What the questions that are not answered say. */
  #silence(): Evidence {
    const { clock, timeoutMs, path } = this.#args;
    const silentMs = clock() - (this.#silentSince ?? clock());
    const isAskedTwice = this.#open.length > 1 || silentMs > timeoutMs;
    const reason = `the health path ${path} has not answered for ${Math.round(silentMs)} ms`;
    const fault = (level: "bad" | "fatal"): Fault => ({ probe: PROBE, level, cause: "no-answer", reason, sinceMs: silentMs });
    if (silentMs >= HANG_SHARE * timeoutMs && isAskedTwice) return fault("fatal");
    if (silentMs >= DOUBT_SHARE * timeoutMs) return fault("bad");
    // A fault stands until an answer says otherwise.
    return this.#wrong > 0 && this.#last !== undefined ? this.#last : { probe: PROBE, level: "waiting" };
  }

  #whenMoreIsKnown(leftMs: number): Promise<void> {
    const toHangMs = HANG_SHARE * this.#args.timeoutMs - (this.#args.clock() - (this.#silentSince ?? this.#args.clock()));
    return new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, toHangMs > 0 ? toHangMs + 1 : leftMs)));
  }
}

const noted = (): void => undefined;
