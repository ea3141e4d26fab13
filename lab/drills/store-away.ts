import type { Drill } from "./drill";

/** Beyond the time for which the drill wants it: the lab ends the fault itself should the drill be gone. */
const SPARE_SECONDS = 5;

/** Every packet between the nodes and the session store is dropped, in both directions. */
export const storeAway: Drill = {
  isOfStore: true,
  lasts: true,
  async break(cluster, _seen, _requests, seconds) {
    await cluster.inject({ kind: "store-away", seconds: seconds + SPARE_SECONDS });
    return { did: `dropped all packets to and from the store for ${seconds} s` };
  },
};
