import type { ClusterEvent, EventName } from "../../contract/events";

/** Steps on the way to one that is told. */
const UNTOLD: ReadonlySet<EventName> = new Set(["suspect", "diagnosed", "verifying"]);

/** With these a node is well. */
const WELL: ReadonlySet<EventName> = new Set(["joined", "healthy"]);

/** What nodes and sentinel did since a moment (milliseconds since 1970), in the order of time, a line each. */
export function repairLines(events: readonly ClusterEvent[], since: number): string[] {
  const told = events
    .map((event) => ({ ...event, afterMs: Date.parse(event.at) - since }))
    .filter(({ event, afterMs }) => afterMs >= 0 && !UNTOLD.has(event))
    .sort((a, b) => a.afterMs - b.afterMs);
  return withoutDoubts(told).map(({ afterMs, node, event, cause, reason }) => {
    const words = [...(node === null ? [] : [node]), event, ...(cause === null ? [] : [`(${cause})`])];
    return `after ${(afterMs / 1000).toFixed(1)} s ${words.join(" ")}: ${reason}`;
  });
}

/** A node that is healthy again after nothing was done about it had been in doubt only. */
function withoutDoubts<Told extends Pick<ClusterEvent, "node" | "event">>(events: readonly Told[]): Told[] {
  const treated = new Set<string | null>();
  return events.filter(({ node, event }) => {
    if (!WELL.has(event)) treated.add(node);
    else if (!treated.delete(node)) return event !== "healthy";
    return true;
  });
}
