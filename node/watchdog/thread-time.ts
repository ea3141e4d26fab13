import { readFileSync } from "node:fs";

/** A thread's time since it began, in milliseconds. */
export interface ThreadTime {
  ranMs: number;
  /** Ready to run, without a processor. */
  waitedMs: number;
  /** Runs, or is ready to, at this moment. */
  isReady: boolean;
}

/**
 * `folder` is the thread's own in /proc. Undefined where the kernel does not count.
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
export function threadTime(folder: string): ThreadTime | undefined {
  try {
    const [ran = 0, waited = 0] = readFileSync(`${folder}/schedstat`, "utf8").split(" ").map(Number);
    const stat = readFileSync(`${folder}/stat`, "utf8");
    // The name in parentheses can hold anything; the state is the letter after it.
    return { ranMs: ran / 1e6, waitedMs: waited / 1e6, isReady: stat[stat.lastIndexOf(")") + 2] === "R" };
  } catch {
    return undefined;
  }
}
