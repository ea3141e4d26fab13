import type { LiveGroup } from "./live-group";

/** One node of the session store, as `GET /_lab/store` tells it. */
export interface StoreNodeState {
  id: string;
  isPrimary: boolean;
  /** It has all data: the primary when it answers as one, a replica when its link to the primary is up. */
  isCurrent: boolean;
}

/** Every node that a group should have, also those that do not run. */
export async function nodeStates(live: Pick<LiveGroup, "view" | "running">): Promise<StoreNodeState[]> {
  const { nodes, primaryId } = live.view();
  const running = new Map(live.running().map(({ node, process }) => [node.id, process]));
  return Promise.all(
    nodes.map(async ({ id }) => {
      const isPrimary = id === primaryId;
      const info = await running
        .get(id)
        ?.replication()
        .catch(() => undefined);
      const isCurrent = isPrimary ? info?.get("role") === "master" : info?.get("master_link_status") === "up";
      return { id, isPrimary, isCurrent };
    }),
  );
}
