import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";
import type { WatchedLoop } from "./watched-loops";

const PROBE = "heap";
/** A full collection can come at a bad moment: it must be so for this long, in milliseconds. */
const CERTAIN_MS = 1500;

/** The heaps of Node.js programs that serve, after a full garbage collection: one that is full then is about to end its process. */
export class Heap implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "memory" } as const;
  #since: number | undefined;

  constructor(
    private readonly loops: () => readonly WatchedLoop[],
    private readonly mostPercent: number,
    private readonly clock: () => number,
  ) {}

  async look(): Promise<Evidence> {
    const fullest = this.loops()
      .flatMap(({ pid, serves, beat }) => (serves && beat !== undefined ? [{ pid, percent: (100 * beat.heapUsed) / beat.heapLimit }] : []))
      .sort((a, b) => b.percent - a.percent)[0];
    if (fullest === undefined || fullest.percent < this.mostPercent) {
      this.#since = undefined;
      return ok(PROBE);
    }
    this.#since ??= this.clock();
    const sinceMs = this.clock() - this.#since;
    const reason = `the heap of process ${fullest.pid} is ${Math.floor(fullest.percent)} % full after a garbage collection`;
    return { probe: PROBE, level: sinceMs >= CERTAIN_MS ? "fatal" : "bad", cause: "memory", reason, sinceMs };
  }

  forget(): void {
    this.#since = undefined;
  }
}
