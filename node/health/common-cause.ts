import type { NodeState } from "../../contract/registry";
import type { Peer } from "../registry/registry";

export interface CommonCausePolicy {
  /** Nodes that fall ill within this of each other may have one cause, in milliseconds. */
  togetherMs: number;
  /** As long as some are well, the ill ones wait this long for a cause outside them to end; then they are repaired, as the budget allows. */
  holdMs: number;
}

export const COMMON_CAUSE_POLICY: CommonCausePolicy = { togetherMs: 5000, holdMs: 5000 };

type Node = Pick<Peer, "id" | "release" | "state" | "trouble">;

/** Nodes that start or leave say nothing of a cause. */
const COUNTED: readonly NodeState[] = ["healthy", "suspect", "quarantined", "repairing", "verifying"];

/** What shows that a node is ill by itself, and would get well by itself: it was seen inside the application. */
const OWN: readonly string[] = ["process-gone", "no-progress", "event-loop", "memory", "handles", "gate"];

/**
 * A sentence on what this node's trouble has in common with the others', when it looks so: then nobody is to be taken out. The same
 * dependency named by two is one cause as long as it lasts. Most nodes ill at once is taken for one cause too, but not for ever, since two of
 * three can also be ill each by itself: those that are seen to be so are repaired one by one.
 */
export function commonCause(all: readonly Node[], self: string, policy: CommonCausePolicy): string | undefined {
  const own = all.find(({ id }) => id === self)?.trouble ?? undefined;
  if (own === undefined) return undefined;
  const counted = all.filter(({ state }) => COUNTED.includes(state));
  if (own.dependency !== null) {
    const missing = counted.filter(({ trouble }) => trouble?.dependency === own.dependency);
    if (missing.length > 1) return `${missing.length} of ${counted.length} nodes miss ${own.dependency}`;
  }
  const ill = counted.filter(({ trouble }) => trouble !== null);
  const together = ill.filter(({ trouble }) => trouble !== null && Math.abs(trouble.forMs - own.forMs) <= policy.togetherMs);
  if (together.length * 2 <= counted.length || together.length < 2) return undefined;
  const isHeldLongEnough = own.forMs >= policy.holdMs;
  const someAreWell = ill.length < counted.length;
  if (isHeldLongEnough && (someAreWell || OWN.includes(own.cause))) return undefined;
  const causes = [...new Set(together.map(({ trouble }) => trouble?.cause))].sort().join(", ");
  return `${together.length} of ${counted.length} nodes are ill at the same time (${causes})`;
}
