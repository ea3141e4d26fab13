import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "./cluster";
import type { Drill } from "./drill";
import type { Load } from "./load/load";

/** How long the cluster may take until it is whole again. */
const WHOLE_LIMIT_MS = 180_000;

/** Times are milliseconds of this process's clock. */
export interface Outcome {
  did: string;
  touched: ReadonlySet<string>;
  sessionsBefore: number;
  faultAt: number;
  /** The fault's own end; the same when it does not last. */
  endedAt: number;
  wholeAt: number;
  /** What the cluster lacks then; nothing when it is whole. */
  missing: string[];
}

/** Breaks one thing under load and waits until the cluster has mended it. */
export async function breakIt(
  drill: Drill,
  seconds: number,
  { cluster, load, say, signal }: { cluster: Cluster; load: Load; say: (progress: string) => void; signal: AbortSignal },
): Promise<Outcome> {
  const seen = await cluster.look();
  load.moves = !drill.isOfStore;
  const sessionsBefore = new Set(load.requests.map(({ session }) => session)).size;
  const faultAt = performance.now();
  const { did, touched, isOver } = await drill.break(cluster, seen, load.requests, seconds);
  load.lookNow();
  say(did);
  const watched = delay(seconds * 1000, undefined, { signal });
  if (drill.lasts) {
    await watched;
    await cluster.endFaults();
  }
  const endedAt = drill.lasts ? performance.now() : faultAt;
  const whole = cluster.untilWhole(WHOLE_LIMIT_MS, signal, isOver).then((missing) => ({ missing, wholeAt: performance.now() }));
  const [mended] = await Promise.all([whole, watched]);
  load.moves = true;
  const all = new Set(load.requests.map(({ client }) => client));
  return { did, touched: touched ?? all, sessionsBefore, faultAt, endedAt, ...mended };
}
