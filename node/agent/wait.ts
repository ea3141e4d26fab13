import { setTimeout as pause } from "node:timers/promises";

export interface WaitArgs {
  /** What is waited for, as it reads after "waited … ms for". */
  what: string;
  limitMs: number;
  pollMs: number;
}

/** Asks until the answer is true. False when the limit passed first. */
export async function until({ limitMs, pollMs }: Omit<WaitArgs, "what">, reached: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await reached())) {
    if (performance.now() >= deadline) return false;
    await pause(pollMs);
  }
  return true;
}

/** Tries until it does not throw, or until what it throws is `final`; at the limit the last error is the cause. */
export async function retried<T>(args: WaitArgs, final: (error: unknown) => boolean, act: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + args.limitMs;
  for (;;) {
    try {
      return await act();
    } catch (cause) {
      if (final(cause)) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      if (performance.now() >= deadline) throw new Error(`waited ${args.limitMs} ms for ${args.what}: ${message}`, { cause });
    }
    await pause(args.pollMs);
  }
}
