import { readlinkSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { startHeart } from "./heart";
import { newPulse } from "./pulse";
import { Watch, type WatchArgs } from "./watch";

/**
 * Loaded into every Node.js program of an application by `NODE_OPTIONS=--require`, and into their worker threads, where it does nothing.
 * Whatever goes wrong in it is swallowed: a program must not fail since it is watched.
 */

/** A program that ends sooner is not watched: starting a thread costs some milliseconds. */
const START_AFTER_MS = 250;
const MARK = "nplus1-watchdog";
/** Megabytes: of the watchdog's own heap. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

function guard(socketPath: string): void {
  const pulse = newPulse();
  startHeart(pulse);
  const args: WatchArgs = { pulse, socketPath, threadFolder: `/proc/${readlinkSync("/proc/thread-self")}` };
  // The program's own loaders and options are not for this thread.
  const worker = new Worker(__filename, { workerData: { [MARK]: args }, env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS });
  worker.on("error", () => undefined);
  worker.unref();
}

const swallow = (doing: () => void): void => {
  try {
    doing();
  } catch {
    // A program that may start no threads, or a system without /proc.
  }
};

const socketPath = process.env.NPLUS1_WATCHDOG_SOCKET;
const ours = (workerData as Record<string, WatchArgs> | null)?.[MARK];
if (isMainThread) {
  if (socketPath !== undefined) setTimeout(() => swallow(() => guard(socketPath)), START_AFTER_MS).unref();
} else if (ours !== undefined) {
  swallow(() => void new Watch(ours));
}
