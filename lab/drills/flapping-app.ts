import type { Drill } from "./drill";
import { SPARE_SECONDS } from "./spare";
import { chooseVictim } from "./victim";

const EVERY_SECONDS = 3;

/** One node's application dies every few seconds, in whatever state its repair is. */
export const flappingApp: Drill = {
  isOfStore: false,
  lasts: true,
  async break(cluster, seen, requests, seconds) {
    const { node, clients } = chooseVictim(cluster, seen, requests);
    await cluster.inject({ kind: "flapping-app", node: node.id, everySeconds: EVERY_SECONDS, seconds: seconds + SPARE_SECONDS });
    return {
      did: `killed the application of ${node.id} with ${clients.size} clients every ${EVERY_SECONDS} s for ${seconds} s`,
      touched: clients,
    };
  },
};
