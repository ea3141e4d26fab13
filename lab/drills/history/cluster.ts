import { endOf, type Operation, type Value } from "./operation";

/** One value of a register with the operations that prove when it was there: the write (none for the first, empty value) and its reads. */
export interface Cluster {
  value: Value;
  write: Operation | undefined;
  reads: Operation[];
}

/** Acknowledged reads by the value they saw. Reads of values that are nobody's are left over. @throws when two writes of a key wrote the same value. */
export function clustersOf(operations: readonly Operation[]): { clusters: Cluster[]; strays: Operation[] } {
  const clusters = new Map<Value, Cluster>([[null, { value: null, write: undefined, reads: [] }]]);
  for (const write of operations) {
    if (write.kind !== "write" || write.outcome === "refused") continue;
    if (clusters.has(write.value)) {
      throw new Error(
        `history: values of ${write.session}/${write.key} must all be different and not null, got ${JSON.stringify(write.value)} twice`,
      );
    }
    clusters.set(write.value, { value: write.value, write, reads: [] });
  }
  const strays: Operation[] = [];
  for (const read of operations) {
    if (read.kind !== "read" || read.outcome !== "ok") continue;
    const cluster = clusters.get(read.value);
    if (cluster === undefined || endOf(read) < beginOf(cluster)) strays.push(read);
    else cluster.reads.push(read);
  }
  return { clusters: [...clusters.values()], strays };
}

/** When its value began to be written: the empty value was always there. */
export const beginOf = ({ write }: Cluster): number => write?.invokedAt ?? -Infinity;

/** When its value was there at the latest, as far as its writer knows. */
export const writtenBy = ({ write }: Cluster): number => (write === undefined ? -Infinity : endOf(write));
