import type { LabStatus } from "../../contract/lab-file";
import type { StoreNodeState } from "../cloud/session-store/node-states";

/** What the cluster lacks: n+1 healthy nodes and no others, and a session store of which every node has all data. Nothing: it is whole. */
export function missingOf(
  instances: readonly Pick<LabStatus["instances"][number], "id" | "state">[],
  store: readonly StoreNodeState[],
  n: number,
): string[] {
  const sick = instances.filter(({ state }) => state !== "healthy").map(({ id, state }) => `${id} is ${state}`);
  const number = instances.length === n + 1 ? [] : [`${instances.length} nodes instead of ${n + 1}`];
  const behind = store
    .filter(({ isCurrent }) => !isCurrent)
    .map(({ id, isPrimary }) => `the store's ${isPrimary ? "primary" : "replica"} ${id} is away`);
  const replica = store.some(({ isPrimary }) => !isPrimary) ? [] : ["the store has no replica"];
  return [...number, ...sick, ...behind, ...replica];
}
