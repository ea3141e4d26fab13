import type { NodePlace } from "./redis-config";
import type { RedisNode } from "./redis-node";
import type { StoreGroup, StoreNode } from "./store-group";

export interface Pace {
  /** From a node's death to the failover. */
  noticedMs: number;
  /** From there to the start of the node that replaces it. */
  replacedMs: number;
}

/**
 * AWS says of a failover "typically just a few seconds", and nothing of the replacement, which is a new machine.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
export const AWS_PACE: Pace = { noticedMs: 3_000, replacedMs: 5_000 };

/** What a group needs of its surroundings. */
export interface GroupWorld {
  /** The next node's place in the network. */
  place(group: StoreGroup, number: number): StoreNode;
  /** Makes the network have the group's nodes, no more and no less. */
  applyNetwork(): Promise<void>;
  /** A node that does not run yet. */
  node(group: StoreGroup, node: StoreNode, onExit: (id: string) => void): { process: RedisNode; place: Omit<NodePlace, "primaryIp"> };
  parameters(group: StoreGroup): ReadonlyMap<string, string>;
  pace: Pace;
  release(node: StoreNode): void;
  onChange(): void;
  onFailure(error: unknown): void;
}
