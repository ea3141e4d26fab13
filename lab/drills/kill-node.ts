import type { Drill } from "./drill";
import { chooseVictim } from "./victim";

/** The node with the most clients loses its power. */
export const killNode: Drill = {
  isOfStore: false,
  lasts: false,
  async break(cluster, seen, requests) {
    const { node, clients } = chooseVictim(cluster, seen, requests);
    await cluster.inject({ kind: "kill-node", node: node.id });
    return {
      did: `killed ${node.id} with ${clients.size} clients`,
      touched: clients,
      isOver: ({ instances }) => !instances.some(({ id }) => id === node.id),
    };
  },
};
