import type { Cluster, Seen } from "./cluster";
import type { CartRequest } from "./load/cart-request";

/** What was broken, and how its end is seen. */
export interface Damage {
  did: string;
  /** The clients that it touches; undefined: all. */
  touched?: ReadonlySet<string>;
  /** Whether it is over, when the cluster looks whole: what is broken may not be noticed yet. */
  isOver?: (seen: Seen) => boolean;
}

/** One thing to break. */
export interface Drill {
  /** It is the session store's: modifications are refused for a while, and no client comes by a node that does not know it yet. */
  isOfStore: boolean;
  /** The fault stays until it is ended; else what it leaves is the cluster's to mend. */
  lasts: boolean;
  /** What a request may take; else what it may wait for the store, and a second. */
  requestLimitMs?: number;
  break(cluster: Cluster, seen: Seen, requests: readonly CartRequest[], seconds: number): Promise<Damage>;
}
