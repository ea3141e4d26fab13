import { z } from "zod";

/** What `nplus1 drill` can break, in the order of `--all`, each with how long its fault lasts, or is watched, unless told otherwise. */
export const DRILLS = {
  "stop-app": { says: "an application halts, with all its connections open", seconds: 15 },
  "deadlock-app": { says: "a Node.js application's event loop is blocked for ever, while its port still accepts", seconds: 15 },
  "exhaust-handles": { says: "an application has used up its file handles", seconds: 15 },
  "slow-app": { says: "an application takes 3 s longer for every request", seconds: 15 },
  "kill-app": { says: "an application's process dies", seconds: 15 },
  "flapping-app": { says: "an application dies again as soon as it runs", seconds: 45 },
  "kill-agent": { says: "a node's agent dies", seconds: 15 },
  "kill-gate": { says: "a node's gate dies", seconds: 15 },
  "partition-node": { says: "nothing gets through to a node and back, and no connection closes", seconds: 30 },
  "lose-zone": { says: "all nodes of a zone lose their power at once", seconds: 15 },
  "kill-node": { says: "a node loses its power", seconds: 15 },
  "kill-store-primary": { says: "the session store's primary dies", seconds: 15 },
  "store-away": { says: "nothing gets through to the session store and back, and no connection closes", seconds: 60 },
} as const satisfies Record<string, { says: string; seconds: number }>;

export type DrillName = keyof typeof DRILLS;
export const DRILL_NAMES = Object.keys(DRILLS) as DrillName[];

const ms = z.number().min(0);

/** What a drill measured, as `nplus1 drill --json` prints it. Times count from the fault, or from its end when it lasts. */
export const drillReportSchema = z.strictObject({
  drill: z.enum(DRILL_NAMES),
  at: z.iso.datetime(),
  /** What was broken. */
  did: z.string(),
  clients: z.int(),
  requests: z.int(),
  /** No answer, or one of 500 and above. */
  failed: z.int(),
  /** Of these, the ones that are safe to repeat (GET): repeated by their client, as HTTP clients do, and failed for good. */
  failedSafe: z.int(),
  /** Requests that were repeated and then succeeded or failed for good: what a load balancer that does not repeat lets through. */
  repeated: z.int(),
  /** What nodes and sentinel did about it, in the order of time, as sentences. */
  repairs: z.array(z.string()),
  /** How often each failure came. */
  failures: z.record(z.string(), z.int()),
  sessionsBefore: z.int(),
  sessionsLost: z.int(),
  /** Modifications that were acknowledged and are gone. */
  acknowledgedLost: z.int(),
  /** Answers older than what their client knew, or than what had been replaced before it asked. */
  staleReads: z.int(),
  /** Answers with what nobody had done, or what had been refused. */
  inventedReads: z.int(),
  /**
   * From the fault (its begin, also when it lasts) until it disturbed nobody any more in requests that are safe to repeat: none failed, was repeated or took over
   * half a second. 0: none ever did. `null`: some client was never served again.
   */
  steeredMs: ms.nullable(),
  /** Until the cluster was whole: n+1 healthy nodes, and a store with its replica. `null`: it was not, within the limit. */
  recoveredMs: ms.nullable(),
  /** Until modifications succeeded again; only where the fault is the store's. `null`: they never did. */
  writesBackMs: ms.nullable().optional(),
  /** Without a single successful answer, at the longest. */
  silentMs: ms,
  medianMs: ms,
  p99Ms: ms,
  longestRequestMs: ms,
  /** What a request may take at most: the store's timeout and a second for everything else; where packets vanish, the client's patience. */
  requestLimitMs: ms,
  /** The promises that did not hold, as sentences. */
  broken: z.array(z.string()),
  /** For the first of what was lost or stale: who did and saw what. */
  evidence: z.array(z.string()),
});
export type DrillReport = z.infer<typeof drillReportSchema>;

/** What the drilling process is told, by environment. */
export const drillOrderSchema = z.strictObject({
  drills: z.array(z.strictObject({ drill: z.enum(DRILL_NAMES), seconds: z.number().min(1).max(600) })).min(1),
  /** The cluster's door, and the lab's own paths. */
  url: z.url(),
  endpoint: z.url(),
  n: z.int().min(1),
});
export type DrillOrder = z.infer<typeof drillOrderSchema>;

/** The environment variable that carries the order. */
export const DRILL_ORDER = "NPLUS1_DRILL";

/** What the drilling process says, a line each. */
export const drillLineSchema = z.union([
  z.strictObject({ progress: z.string() }),
  z.strictObject({ report: drillReportSchema }),
  z.strictObject({ error: z.string() }),
]);
export type DrillLine = z.infer<typeof drillLineSchema>;
