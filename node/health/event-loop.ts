import { type Evidence, type Fault, ok } from "./evidence";
import type { Probe } from "./probe";
import type { WatchedLoop } from "./watched-loops";

const PROBE = "event loop";
/** A watchdog tells of a stall every 100 ms: one that was not heard for so long says nothing any more, in milliseconds. */
const HEARD_MS = 500;

const WORDS = { busy: "computes", stuck: "waits and does nothing", starved: "gets no processor time" } as const;

/**
 * Event loops of Node.js programs that do not turn, told by their watchdogs while it lasts. Only programs that listen for connections
 * count: another may compute for as long as it likes. Time in which one waited for a processor is no fault of its own.
 */
export class EventLoop implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "event-loop" } as const;

  constructor(
    private readonly loops: () => readonly WatchedLoop[],
    private readonly hungMs: number,
    private readonly clock: () => number,
  ) {}

  async look(): Promise<Evidence> {
    const [worst] = this.loops()
      .flatMap((loop) => this.#fault(loop))
      .sort((a, b) => RANK[b.level] - RANK[a.level] || b.sinceMs - a.sinceMs);
    return worst ?? ok(PROBE);
  }

  #fault({ pid, serves, heardAt, stall }: WatchedLoop): Fault[] {
    const heardMs = this.clock() - heardAt;
    if (!serves || stall === undefined || heardMs > HEARD_MS) return [];
    const { kind, forMs, waitedMs } = stall;
    const ownMs = forMs - waitedMs;
    const level = ownMs >= this.hungMs ? "fatal" : ownMs >= this.hungMs / 2 ? "bad" : "warn";
    const cause = level === "warn" && kind === "starved" ? "pressure" : "event-loop";
    const reason = `the event loop of process ${pid} has not turned for ${forMs} ms: it ${WORDS[kind]}`;
    return [{ probe: PROBE, level, cause, reason, sinceMs: forMs }];
  }
}

const RANK = { warn: 0, bad: 1, fatal: 2 } as const;
