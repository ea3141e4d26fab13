import type { NodeAnswer } from "./ask-node";
import type { GroupView } from "./group";
import { type Memory, nothingYet } from "./memory";
import type { Seen, SeenNode } from "./seen";
import type { Entry } from "./store";

export interface Sources {
  group(): Promise<GroupView>;
  entries(): Promise<Entry[]>;
  memory(nodes: readonly string[]): Promise<Memory>;
  ask(ip: string): Promise<NodeAnswer>;
}

const UNKNOWN: NodeAnswer = { gateAnswers: false, agentAnswers: false };

/** Everything that can be seen from outside, and what is remembered. A store that is away is a finding; an AWS that does not answer is an error. */
export async function look(sources: Sources, last: Memory): Promise<{ seen: Seen; memory: Memory; fleet: GroupView }> {
  const fleet = await sources.group();
  const [registry, memory, storeAway] = await fromStore(sources, fleet.inService, last);
  const entries = new Map(registry.map((entry) => [entry.id, entry]));
  const nodes = await Promise.all(
    fleet.inService.map(async (id): Promise<SeenNode> => {
      const entry = entries.get(id);
      const ip = entry?.ip ?? memory.watch.ips[id] ?? null;
      // Without an address nobody knows that the gate is gone; the load balancer has the agent's own answer.
      const targetHealthy = fleet.healthyTargets.has(id);
      const answer = ip === null ? { gateAnswers: true, agentAnswers: targetHealthy } : await sources.ask(ip).catch(() => UNKNOWN);
      return { id, ip, state: entry?.state ?? null, ...answer, targetHealthy };
    }),
  );
  return { seen: { storeAway, nodes }, memory, fleet };
}

async function fromStore(sources: Sources, nodes: readonly string[], last: Memory): Promise<[Entry[], Memory, string | null]> {
  try {
    return [await sources.entries(), await sources.memory(nodes), null];
  } catch (error) {
    return [[], { watch: last.watch, records: {} }, (error as Error).message];
  }
}

export const blank: Memory = { watch: nothingYet, records: {} };
