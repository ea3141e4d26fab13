import { setTimeout as delay } from "node:timers/promises";

/** One look: done with a result, or what was seen instead. */
export type Probe<T> = { done: T } | { seen: string };

const POLL_MS = 250;

export interface Wait {
  /** Completes "waiting for …". */
  what: string;
  limitSeconds: number;
  signal: AbortSignal;
  pollMs?: number;
}

/** Looks until done; fails with what it waited for and what it saw last when the limit is reached or the signal ends it. */
export async function waitFor<T>(wait: Wait, probe: () => Promise<Probe<T>>): Promise<T> {
  const deadline = performance.now() + wait.limitSeconds * 1000;
  for (;;) {
    const found = await probe();
    if ("done" in found) return found.done;
    if (wait.signal.aborted) throw new Error(`cancelled while waiting for ${wait.what}: last seen: ${found.seen}`);
    if (performance.now() >= deadline) throw new Error(`gave up waiting for ${wait.what} after ${wait.limitSeconds} s: last seen: ${found.seen}`);
    await delay(wait.pollMs ?? POLL_MS, undefined, { signal: wait.signal }).catch(() => undefined);
  }
}

export const errorName = (error: unknown): string => (error instanceof Error ? error.name : "");

/** A probe that runs the action again while AWS refuses it for one of these reasons (something else still depends on it). */
export const whileRefused = (errorNames: readonly string[], action: () => Promise<unknown>) => async (): Promise<Probe<true>> => {
  try {
    await action();
    return { done: true };
  } catch (error) {
    if (!errorNames.includes(errorName(error))) throw error;
    return { seen: `${errorName(error)}: ${(error as Error).message}` };
  }
};

/** AWS's ways to say that something does not exist: `NoSuchEntityException`, `InvalidVpcID.NotFound`, `ListenerNotFoundException`, … */
export const isNotFound = (error: unknown): boolean => /NotFound|NoSuch/.test(errorName(error));

/** A probe that is done once AWS no longer knows it; `look` says what is still there. */
export const untilGone = (look: () => Promise<string>) => async (): Promise<Probe<true>> => {
  try {
    return { seen: await look() };
  } catch (error) {
    if (isNotFound(error)) return { done: true };
    throw error;
  }
};
