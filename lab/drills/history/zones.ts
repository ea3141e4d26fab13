import { beginOf, type Cluster, writtenBy } from "./cluster";
import { endOf, type Operation } from "./operation";

/** A read that saw a value after another had taken its place. */
export interface Missed {
  read: Operation;
  /** The value that it should have seen, or a later one. */
  cluster: Cluster;
}

interface Zone {
  cluster: Cluster;
  /** The first end of its operations: from here on the value was there for certain. */
  end: number;
  /** The last begin of its operations: until here the value was still there. */
  begin: number;
}

/**
 * Linearizability of a register whose written values are all different, in n log n: every value has one zone, between the first end and the last
 * begin of its operations. The history is linearizable if and only if no two zones that point forward (end before begin) overlap, and none of the
 * others lies within one that points forward. Reads may be `stalenessMs` late, by moving their begin.
 * @see https://doi.org/10.1145/1993806.1993834 (Golab, Li, Shah: Analyzing consistency properties for fun and profit, after Gibbons and Korach)
 */
export function missedByZones(clusters: readonly Cluster[], stalenessMs: number): Missed[] {
  const zones = clusters.filter(tookEffect).map((cluster) => zoneOf(cluster, stalenessMs));
  const forward = zones.filter(({ end, begin }) => end < begin).sort((a, b) => a.end - b.end);
  const reach = furthest(forward);
  const place = new Map(forward.map((zone, index) => [zone, index]));
  const replacedBy = new Map<Zone, Zone[]>();
  for (const zone of zones) {
    // Of the values that were there before this one was, the one that was still there the longest.
    const before = reach[(place.get(zone) ?? firstNotBelow(forward, zone.begin)) - 1];
    if (before === undefined || before.begin <= zone.end) continue;
    const replacing = replacedBy.get(before);
    if (replacing) replacing.push(zone);
    else replacedBy.set(before, [zone]);
  }
  return [...replacedBy].flatMap(([zone, replacing]) => lateReads(zone, replacing, stalenessMs));
}

/** A write that nobody saw and nobody acknowledged need not have happened. */
const tookEffect = (cluster: Cluster): boolean => cluster.reads.length > 0 || writtenBy(cluster) < Infinity;

function zoneOf(cluster: Cluster, stalenessMs: number): Zone {
  let end = writtenBy(cluster);
  let begin = beginOf(cluster);
  for (const read of cluster.reads) {
    end = Math.min(end, endOf(read));
    begin = Math.max(begin, read.invokedAt - stalenessMs);
  }
  return { cluster, end, begin };
}

/** For each place, the zone up to there that lasts the longest. */
function furthest(zones: readonly Zone[]): Zone[] {
  let longest: Zone | undefined;
  return zones.map((zone) => (longest = longest !== undefined && longest.begin >= zone.begin ? longest : zone));
}

/** The first place in zones sorted by end whose end is not below the given time. */
function firstNotBelow(zones: readonly Zone[], time: number): number {
  let low = 0;
  let high = zones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((zones[middle]?.end ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Each read of a zone that began after another value was there, with the newest of these. */
function lateReads({ cluster }: Zone, replacing: readonly Zone[], stalenessMs: number): Missed[] {
  const byEnd = [...replacing].sort((a, b) => a.end - b.end);
  return cluster.reads.flatMap((read) => {
    const newest = byEnd[firstNotBelow(byEnd, read.invokedAt - stalenessMs) - 1];
    return newest === undefined ? [] : [{ read, cluster: newest.cluster }];
  });
}
