import { nothingYet, type Memory } from "../../../lambda/sentinel/memory";
import type { Seen, SeenNode } from "../../../lambda/sentinel/seen";

export const well = (id: string): SeenNode => ({
  id,
  ip: `10.0.0.${id.length}`,
  state: "healthy",
  agentAnswers: true,
  gateAnswers: true,
  targetHealthy: true,
});

/** Its agent is stopped: the gate answers for itself. */
export const silent = (id: string): SeenNode => ({ ...well(id), state: null, agentAnswers: false, targetHealthy: false });

/** Nothing of it answers. */
export const gone = (id: string): SeenNode => ({ ...silent(id), gateAnswers: false });

export const seen = (...nodes: SeenNode[]): Seen => ({ storeAway: null, nodes });

export const fresh: Memory = { watch: nothingYet, records: {} };
