import type { Action } from "./decide";
import type { ActionRecord, Watch } from "./memory";
import type { Tell } from "./tell";

/** What the sentinel can do, in its own words. */
export interface Hands {
  /** Through Systems Manager. Answers with the command's id. */
  restartAgent: (node: string) => Promise<string>;
  /** Its group launches another one, then ends it. */
  replace: (node: string) => Promise<void>;
  takeToken: (node: string) => Promise<{ granted: boolean; others: number }>;
  keepRecord: (node: string, record: ActionRecord) => Promise<void>;
  tell: Tell;
  now: () => number;
}

/**
 * Does what was decided, one after the other. Each step is recorded as begun before AWS is asked and as done after it: what was cut off between
 * the two is done again, and both steps may be. One that fails is told and taken up by the next look.
 */
export async function act(actions: readonly Action[], watch: Watch, hands: Hands): Promise<Watch> {
  let after = watch;
  for (const action of actions) {
    try {
      after = await actOnce(action, after, hands);
    } catch (error) {
      const node = "node" in action ? action.node : null;
      await hands.tell({ event: "action-failed", node, reason: `${action.kind} did not work: ${(error as Error).message}` });
    }
  }
  return after;
}

async function actOnce(action: Action, watch: Watch, hands: Hands): Promise<Watch> {
  switch (action.kind) {
    case "tell-common-cause":
      await hands.tell({ event: "common-cause", node: null, reason: action.reason });
      return watch;
    case "note-recovery":
      await hands.keepRecord(action.node, action.record);
      return watch;
    case "restart-agent": {
      const { node, record, reason } = action;
      await hands.keepRecord(node, record);
      const command = await hands.restartAgent(node);
      await hands.keepRecord(node, { ...record, doneAt: hands.now() });
      await hands.tell({ event: "agent-restarted", node, reason: `${reason}: restarted through Systems Manager`, details: { command } });
      return watch;
    }
    case "replace": {
      const { node, record, reason } = action;
      const { granted, others } = await hands.takeToken(node);
      if (!granted) return refused(node, others, watch, hands);
      await hands.keepRecord(node, record);
      await hands.replace(node);
      await hands.keepRecord(node, { ...record, doneAt: hands.now() });
      await hands.tell({ event: "replaced", node, reason: `${reason}: its group replaces it`, details: { others } });
      return { ...watch, refusalTold: watch.refusalTold.filter((told) => told !== node) };
    }
  }
}

/** Told once: it is asked again at every look. */
async function refused(node: string, others: number, watch: Watch, hands: Hands): Promise<Watch> {
  if (watch.refusalTold.includes(node)) return watch;
  await hands.tell({ event: "budget-refused", node, reason: `it may not be taken out: only ${others} others serve`, details: { others } });
  return { ...watch, refusalTold: [...watch.refusalTold, node] };
}
