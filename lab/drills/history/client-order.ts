import { beginOf, type Cluster, writtenBy } from "./cluster";
import { grouped } from "./grouped";
import { endOf, type Operation } from "./operation";
import type { Missed } from "./zones";

/** A client knew a value at this time: it saw it, or was told that it had written it. */
interface Known {
  cluster: Cluster;
  operation: Operation;
}

/**
 * What one client may never see, however late the others' writes may reach it: a value that was replaced by one it knows (read your writes,
 * monotonic reads), either because the writes followed each other or because the client itself knew the one after the other.
 */
export function missedByClients(clusters: readonly Cluster[]): Missed[] {
  const byClient = grouped(clusters.flatMap(knowledge), ({ operation }) => operation.client);
  return [...byClient.values()].flatMap(missedByOne);
}

const knowledge = (cluster: Cluster): Known[] => {
  const { write, reads } = cluster;
  return [...(write?.outcome === "ok" ? [write] : []), ...reads].map((operation) => ({ cluster, operation }));
};

function missedByOne(known: readonly Known[]): Missed[] {
  const asked = known.filter(({ operation }) => operation.kind === "read").sort((a, b) => a.operation.invokedAt - b.operation.invokedAt);
  const learned = [...known].sort((a, b) => endOf(a.operation) - endOf(b.operation));
  const firstKnown = new Map<Cluster, number>();
  /** Reads that missed something prove nothing about what is seen after them. */
  const wrong = new Set<Operation>();
  /** Of what the client knows: what was written last, and what it asked for last, once more without that value. */
  let lastWritten: Cluster | undefined;
  let lastAsked: Known | undefined;
  let lastOther: Known | undefined;
  let next = 0;
  return asked.flatMap(({ cluster, operation: read }) => {
    for (let one = learned[next]; one !== undefined && endOf(one.operation) < read.invokedAt; one = learned[(next += 1)]) {
      if (wrong.has(one.operation)) continue;
      if (!firstKnown.has(one.cluster)) firstKnown.set(one.cluster, endOf(one.operation));
      if (lastWritten === undefined || beginOf(one.cluster) > beginOf(lastWritten)) lastWritten = one.cluster;
      if (lastAsked === undefined || one.operation.invokedAt > lastAsked.operation.invokedAt) {
        if (lastAsked?.cluster !== one.cluster) lastOther = lastAsked;
        lastAsked = one;
      } else if (one.cluster !== lastAsked.cluster && (lastOther === undefined || one.operation.invokedAt > lastOther.operation.invokedAt)) {
        lastOther = one;
      }
    }
    const other = lastAsked?.cluster === cluster ? lastOther : lastAsked;
    const since = firstKnown.get(cluster) ?? Infinity;
    const replacedBy =
      lastWritten !== undefined && writtenBy(cluster) < beginOf(lastWritten)
        ? lastWritten
        : other !== undefined && since < other.operation.invokedAt
          ? other.cluster
          : undefined;
    if (replacedBy === undefined) return [];
    wrong.add(read);
    return [{ read, cluster: replacedBy }];
  });
}
