import type { StallKind } from "./message";
import type { ThreadTime } from "./thread-time";

export interface Stall {
  kind: StallKind;
  /** Of the time, spent waiting for a processor, in milliseconds. */
  waitedMs: number;
}

/** Of the time that passed, less than this is none: what a thread needs to fall asleep. */
const NONE = 0.1;

/**
 * What a thread did in `passedMs`. The kernel adds a wait to the count only when it is over: until then, it shows in the thread's state.
 * Where nothing is counted, a thread is taken for busy.
 */
export function stallOf(before: ThreadTime | undefined, after: ThreadTime | undefined, passedMs: number): Stall {
  if (before === undefined || after === undefined) return { kind: "busy", waitedMs: 0 };
  const ranMs = after.ranMs - before.ranMs;
  const counted = after.waitedMs - before.waitedMs;
  const waitedMs = after.isReady ? Math.max(counted, passedMs - ranMs) : counted;
  const kind = Math.max(ranMs, waitedMs) < NONE * passedMs ? "stuck" : waitedMs > ranMs ? "starved" : "busy";
  return { kind, waitedMs: Math.round(Math.min(waitedMs, passedMs)) };
}
