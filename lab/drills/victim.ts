import type { LabStatus } from "../../contract/lab-file";
import type { Cluster, Seen } from "./cluster";
import type { CartRequest } from "./load/cart-request";
import { mostUsedNode } from "./measure";

export interface Victim {
  node: LabStatus["instances"][number];
  clients: ReadonlySet<string>;
}

/**
 * The most used node of those that were not broken for the longest time: one that is repaired again and again is replaced, which is another drill.
 * @throws when there is none
 */
export function chooseVictim(cluster: Pick<Cluster, "broken">, { instances }: Pick<Seen, "instances">, requests: readonly CartRequest[]): Victim {
  const since = (id: string): number => cluster.broken.lastIndexOf(id);
  const longest = Math.min(...instances.map(({ id }) => since(id)));
  const chosen = mostUsedNode(
    requests,
    instances.map(({ id }) => id).filter((id) => since(id) === longest),
  );
  const node = instances.find(({ id }) => id === chosen?.node);
  if (!node || !chosen) throw new Error("there is no node to break");
  cluster.broken.push(node.id);
  return { node, clients: chosen.clients };
}
