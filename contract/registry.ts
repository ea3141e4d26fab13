import { z } from "zod";
import { causeSchema } from "./events";
import { sha256 } from "./release";

/** Each agent renews its node's entry this often, in milliseconds. */
export const REGISTRY_RENEW_MS = 1000;

/** An entry not renewed for this long is gone, in milliseconds. */
export const REGISTRY_TTL_MS = 5000;

/** Key of a node's entry in Valkey: a JSON string with a TTL. All nodes of a stack share one store, and a store serves one stack. */
export const registryKey = (nodeId: string): string => `nplus1:node:${nodeId}`;
export const REGISTRY_PATTERN = "nplus1:node:*";

/** Sorted set of the ids of all nodes with an entry, each scored with the time in milliseconds when it runs out. */
export const NODES_KEY = "nplus1:nodes";

/** Sorted sets of node ids too, scored the same way: who serves, and who was allowed not to. */
export const SERVING_KEY = "nplus1:serving";
export const TOKENS_KEY = "nplus1:quarantine-tokens";

/** A token not renewed for this long is free again, in milliseconds. */
export const TOKEN_TTL_MS = 10_000;

export const nodeState = z.enum(["starting", "healthy", "suspect", "quarantined", "repairing", "verifying", "draining", "failed"]);
export type NodeState = z.infer<typeof nodeState>;

/** What an agent says of its node. Process ids are those the node itself sees. */
export const nodeEntrySchema = z.strictObject({
  id: z.string(),
  zone: z.string(),
  ip: z.string(),
  release: sha256,
  state: nodeState,
  /** Requests in the gate now. */
  inFlight: z.int().min(0),
  settingsVersion: z.int().min(0).nullable(),
  lastBackup: z.iso.datetime().nullable(),
  pids: z.strictObject({ agent: z.int(), gate: z.int().nullable(), app: z.int().nullable() }),
  /** What is wrong with a node that is not healthy, and for how long, in milliseconds; null while nothing is. */
  trouble: z.strictObject({ cause: causeSchema, dependency: z.string().nullable(), forMs: z.int().min(0) }).nullable(),
  at: z.iso.datetime(),
});
export type NodeEntry = z.infer<typeof nodeEntrySchema>;
