import type { NodeState } from "../../contract/registry";

/** One node of the group, as it looks from outside. Only nodes in service are looked at: others are the group's business. */
export interface SeenNode {
  id: string;
  /** Null while nothing has named it yet. */
  ip: string | null;
  /** What its agent says of it in the registry; null when it has no entry, which lasts 5 s. */
  state: NodeState | null;
  /** The agent answered through the gate. */
  agentAnswers: boolean;
  /** The gate answered, whatever it said. */
  gateAnswers: boolean;
  /** The load balancer's own view. */
  targetHealthy: boolean;
}

export interface Seen {
  /** Why the session store could not be asked; null when it was. */
  storeAway: string | null;
  nodes: readonly SeenNode[];
}
