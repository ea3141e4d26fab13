/** Shared memory between a program's main thread and its watchdog: numbers, each of 8 bytes and so written whole. */
export const PULSE = {
  /** When the event loop last turned. */
  beatAt: 0,
  /** Bytes in use after the last full garbage collection; 0 before the first one. */
  heapUsed: 1,
  /** Bytes at which V8 gives up. */
  heapLimit: 2,
  /** The longest that a beat was late, since this was last told, in milliseconds. */
  delayMs: 3,
  /** 1: the program listens for connections. */
  serves: 4,
} as const;

export type Pulse = Float64Array<SharedArrayBuffer>;

export const newPulse = (): Pulse => new Float64Array(new SharedArrayBuffer(Object.keys(PULSE).length * Float64Array.BYTES_PER_ELEMENT));

export const BEAT_MS = 20;

/** Milliseconds of a clock that all threads share. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
