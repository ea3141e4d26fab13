import type { Drill } from "./drill";
import { clientsOn } from "./measure";

/** All nodes of the zone that has most of them lose their power. What is zonal and no node (subnets, gateways) stays. */
export const loseZone: Drill = {
  isOfStore: false,
  lasts: false,
  async break(cluster, { instances }, requests) {
    const idsIn = (lost: string): string[] => instances.filter(({ zone }) => zone === lost).map(({ id }) => id);
    const [zone] = instances.map((instance) => instance.zone).sort((a, b) => idsIn(b).length - idsIn(a).length);
    if (zone === undefined) throw new Error("there is no node to break");
    const ids = idsIn(zone);
    const touched = clientsOn(requests, ids);
    cluster.broken.push(...ids);
    await Promise.all(ids.map((node) => cluster.inject({ kind: "kill-node", node })));
    return {
      did: `killed all nodes of ${zone} (${ids.join(", ")}) with ${touched.size} clients`,
      touched,
      isOver: (seen) => !seen.instances.some(({ id }) => ids.includes(id)),
    };
  },
};
