import type { Drill } from "./drill";
import { PATIENCE_MS } from "./load/request";
import { SPARE_SECONDS } from "./spare";
import { chooseVictim } from "./victim";

/** Beyond the time after which a client gives up, for what it does then. */
const SPARE_MS = 1_000;

/** Every packet to and from one node is dropped: the load balancer, the store and AWS are silent for it, and it is for them. */
export const partitionNode: Drill = {
  isOfStore: false,
  lasts: true,
  // A request on its way to a node that vanished waits for the load balancer's idle time-out, a minute on AWS: nobody but the client ends it sooner.
  requestLimitMs: PATIENCE_MS + SPARE_MS,
  async break(cluster, seen, requests, seconds) {
    const { node, clients } = chooseVictim(cluster, seen, requests);
    await cluster.inject({ kind: "node-away", node: node.id, seconds: seconds + SPARE_SECONDS });
    return { did: `dropped all packets to and from ${node.id} with ${clients.size} clients for ${seconds} s`, touched: clients };
  },
};
