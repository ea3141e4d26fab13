import cluster from "node:cluster";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { BEAT_MS, nowMs, PULSE, type Pulse } from "./pulse";

/** Until it listens, it is looked whether a program does, in milliseconds. */
const SERVES_MS = 250;

/** In the main thread: as little as possible, and nothing that keeps the program alive. */
export function startHeart(pulse: Pulse): void {
  pulse[PULSE.beatAt] = nowMs();
  pulse[PULSE.heapLimit] = getHeapStatistics().heap_size_limit;
  setInterval(() => beat(pulse), BEAT_MS).unref();
  noteHeap(pulse);
  noteServing(pulse);
}

function beat(pulse: Pulse): void {
  const now = nowMs();
  const lateMs = now - (pulse[PULSE.beatAt] ?? now) - BEAT_MS;
  if (lateMs > (pulse[PULSE.delayMs] ?? 0)) pulse[PULSE.delayMs] = lateMs;
  pulse[PULSE.beatAt] = now;
}

/** What a program uses between two collections says little: most of it may be garbage. */
function noteHeap(pulse: Pulse): void {
  const isFull = (entry: object) => (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
  new PerformanceObserver((list) => {
    if (list.getEntries().some(isFull)) pulse[PULSE.heapUsed] = getHeapStatistics().used_heap_size;
  }).observe({ entryTypes: ["gc"] });
}

/** A worker of node:cluster gets its connections from its parent, and has no listening socket. */
function noteServing(pulse: Pulse): void {
  const timer = setInterval(() => {
    if (!cluster.isWorker && !process.getActiveResourcesInfo().includes("TCPServerWrap")) return;
    pulse[PULSE.serves] = 1;
    clearInterval(timer);
  }, SERVES_MS).unref();
}
