/**
 * How a main thread spends a stall. `busy`: it computes. `stuck`: it waits for something, and uses no processor time. `starved`: it could go
 * on, and gets no processor.
 */
export type StallKind = "busy" | "stuck" | "starved";

interface Said {
  /** As its own machine counts. */
  pid: number;
  /** The program listens for connections, so that others wait for it. */
  serves: boolean;
}

/** One line of JSON each. */
export type WatchdogMessage =
  /** Each second. Bytes; the heap is what a full garbage collection left, 0 before the first one. */
  | (Said & { say: "beat"; heapUsed: number; heapLimit: number; delayMs: number })
  /** While a stall lasts: from 100 ms on, and every 100 ms. `waitedMs` of it, the thread had no processor. */
  | (Said & { say: "stalled"; forMs: number; waitedMs: number; kind: StallKind })
  | (Said & { say: "over" });
