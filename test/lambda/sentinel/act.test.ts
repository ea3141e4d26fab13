import { act, type Hands } from "../../../lambda/sentinel/act";
import type { Action } from "../../../lambda/sentinel/decide";
import { type ActionRecord, nothingYet } from "../../../lambda/sentinel/memory";

const record: ActionRecord = { step: "restart", begunAt: 1000, doneAt: null, recoveredAt: null, restarts: 1 };
const restart: Action = { kind: "restart-agent", node: "i-1", reason: "its agent has been silent for 10 s", record };
const replace: Action = { kind: "replace", node: "i-1", reason: "its agent has been silent for 45 s", record: { ...record, step: "replace" } };

/** Hands that write down what they do. */
function written(more: Partial<Hands> = {}): { hands: Hands; lines: string[] } {
  const lines: string[] = [];
  const hands: Hands = {
    restartAgent: async (node) => {
      lines.push(`restart ${node}`);
      return "command-1";
    },
    replace: async (node) => void lines.push(`replace ${node}`),
    takeToken: async () => ({ granted: true, others: 2 }),
    keepRecord: async (node, { step, doneAt, recoveredAt }) => void lines.push(`record ${node} ${step} done ${doneAt} recovered ${recoveredAt}`),
    tell: async ({ event, node, reason }) => void lines.push(`tell ${event} ${node}: ${reason}`),
    now: () => 2000,
    ...more,
  };
  return { hands, lines };
}

const fails = async (): Promise<never> => {
  throw new Error("throttled");
};

test("a restart is recorded, sent, recorded as sent and told, in this order", async () => {
  const { hands, lines } = written();
  await act([restart], nothingYet, hands);
  expect(lines).toEqual([
    "record i-1 restart done null recovered null",
    "restart i-1",
    "record i-1 restart done 2000 recovered null",
    "tell agent-restarted i-1: its agent has been silent for 10 s: restarted through Systems Manager",
  ]);
});

test("a restart that AWS does not take stays recorded as begun, and is told as failed", async () => {
  const { hands, lines } = written({ restartAgent: fails });
  await act([restart], nothingYet, hands);
  expect(lines).toEqual(["record i-1 restart done null recovered null", "tell action-failed i-1: restart-agent did not work: throttled"]);
});

test("nothing is sent that could not be recorded first", async () => {
  const { hands, lines } = written({ keepRecord: fails });
  await act([restart, replace], nothingYet, hands);
  expect(lines).toEqual(["tell action-failed i-1: restart-agent did not work: throttled", "tell action-failed i-1: replace did not work: throttled"]);
});

test("a node is replaced when the budget has a token", async () => {
  const { hands, lines } = written();
  const after = await act([replace], { ...nothingYet, refusalTold: ["i-1", "i-2"] }, hands);
  expect(lines).toEqual([
    "record i-1 replace done null recovered null",
    "replace i-1",
    "record i-1 replace done 2000 recovered null",
    "tell replaced i-1: its agent has been silent for 45 s: its group replaces it",
  ]);
  expect(after.refusalTold).toEqual(["i-2"]);
});

test("a node is not replaced when the budget has none, which is told once", async () => {
  const { hands, lines } = written({ takeToken: async () => ({ granted: false, others: 1 }) });
  const after = await act([replace], nothingYet, hands);
  await act([replace], after, hands);
  expect(lines).toEqual(["tell budget-refused i-1: it may not be taken out: only 1 others serve"]);
});

test("one action that fails does not keep the next one from being done", async () => {
  const { hands, lines } = written({ restartAgent: fails });
  await act([restart, { kind: "tell-common-cause", reason: "2 of 3" }], nothingYet, hands);
  expect(lines.at(-1)).toBe("tell common-cause null: 2 of 3");
});
