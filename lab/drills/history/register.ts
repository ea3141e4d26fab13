import { type Cluster, clustersOf } from "./cluster";
import { missedByClients } from "./client-order";
import { endOf, type Operation, type Violation, type ViolationKind } from "./operation";
import { type Missed, missedByZones } from "./zones";

type Finding = Pick<Violation, "kind" | "operations">;

/** One key that is written and read. */
export function judgeRegister(operations: readonly Operation[], stalenessMs: number): Finding[] {
  const { clusters, strays } = clustersOf(operations);
  const missed = new Map<Operation, Cluster>();
  for (const { read, cluster } of [...missedByClients(clusters), ...missedByZones(clusters, stalenessMs)]) {
    if (!missed.has(read)) missed.set(read, cluster);
  }
  const inOrder = [...missed].map(([read, cluster]) => ({ read, cluster })).sort((a, b) => a.read.invokedAt - b.read.invokedAt);
  return [...strays.map((read) => strayFinding(read, operations)), ...missedFindings(inOrder)];
}

function strayFinding(read: Operation, operations: readonly Operation[]): Finding {
  const writes = operations.filter(({ kind, value }) => kind === "write" && value === read.value);
  const kind: ViolationKind = writes.some(({ outcome }) => outcome === "refused") ? "refused-write-seen" : "never-written";
  return { kind, operations: [...writes, read].sort((a, b) => a.invokedAt - b.invokedAt) };
}

/** A write is lost once, however many reads miss it. */
function missedFindings(missed: readonly Missed[]): Finding[] {
  const lost = new Set<Cluster>();
  return missed.flatMap(({ read, cluster }): Finding[] => {
    const { write, reads } = cluster;
    const seenAgain = reads.some(({ invokedAt }) => invokedAt > endOf(read));
    if (write?.outcome === "ok" && !seenAgain) {
      if (lost.has(cluster)) return [];
      lost.add(cluster);
      return [{ kind: "lost-write", operations: [write, read] }];
    }
    const knew = reads.find(({ client, returnedAt }) => client === read.client && returnedAt !== null && returnedAt < read.invokedAt);
    const own = write?.client === read.client && write.outcome === "ok";
    const kind = own ? "own-write-missed" : knew ? "went-back" : "stale-read";
    const evidence = own ? write : (knew ?? write ?? reads[0]);
    return [{ kind, operations: evidence === undefined ? [read] : [evidence, read] }];
  });
}
