import type { Drill } from "./drill";
import { mostUsedNode } from "./measure";

/** The node with the most clients loses its power. */
export const killNode: Drill = {
  isOfStore: false,
  lasts: false,
  async break(cluster, seen, requests) {
    const victim = mostUsedNode(requests.filter(({ node }) => seen.instances.some(({ id }) => id === node)));
    if (!victim) throw new Error("no node serves a client");
    await cluster.inject({ kind: "kill-node", node: victim.node });
    return {
      did: `killed ${victim.node} with ${victim.clients.size} clients`,
      touched: victim.clients,
      isOver: ({ instances }) => !instances.some(({ id }) => id === victim.node),
    };
  },
};
