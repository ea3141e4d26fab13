import type { NodeConfig } from "../contract/node-config";
import type { StackConfig } from "./config";

/** How sessions are kept, in the nodes' units. */
export const sessionSettings = (config: StackConfig): NodeConfig["sessions"] => ({
  lifetimeMs: config.sessionLifetimeMinutes * 60_000,
  memoryBytes: config.sessionMemoryMiB * 1024 ** 2,
  maxSessionBytes: config.sessionMaxKiB * 1024,
  durability: config.sessionDurability,
  storeTimeoutMs: config.sessionStoreTimeoutMs,
  whenStoreAway: config.sessionWhenStoreAway,
});

/**
 * The store's primary and replicas. A modification that waits for a replica needs one that is there: ElastiCache takes minutes to replace a node, so
 * n+1 holds for replicas too.
 */
export const storeNodes = ({ sessionDurability }: Pick<StackConfig, "sessionDurability">): number => (sessionDurability === "replica" ? 3 : 2);
