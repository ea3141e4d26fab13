import type { Drill } from "./drill";
import { SPARE_SECONDS } from "./spare";

/** Every packet between the nodes and the session store is dropped, in both directions. */
export const storeAway: Drill = {
  isOfStore: true,
  lasts: true,
  async break(cluster, _seen, _requests, seconds) {
    await cluster.inject({ kind: "store-away", seconds: seconds + SPARE_SECONDS });
    return { did: `dropped all packets to and from the store for ${seconds} s` };
  },
};
