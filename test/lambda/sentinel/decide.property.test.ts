import fc from "fast-check";
import { type Action, AFTER_RESTART_MS, decide, SILENT_MS } from "../../../lambda/sentinel/decide";
import type { ActionRecord, Memory } from "../../../lambda/sentinel/memory";
import type { SeenNode } from "../../../lambda/sentinel/seen";
import { fresh } from "./seen-nodes";

const START = 1_800_000_000_000;
const LOOK_MS = 5000;

const node = (id: string): fc.Arbitrary<SeenNode> =>
  fc.record({
    id: fc.constant(id),
    ip: fc.constant("10.0.0.1"),
    state: fc.constantFrom("healthy" as const, "suspect" as const, null, null),
    agentAnswers: fc.boolean(),
    gateAnswers: fc.boolean(),
    targetHealthy: fc.boolean(),
  });

/** A history of looks at the same nodes; at each, AWS may not take what is asked, and the run may be cut off before it knows. */
const history = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc.array(
    fc.record({
      nodes: fc.tuple(...Array.from({ length: size }, (_, index) => node(`i-${index}`))),
      away: fc.boolean().map((one) => one && size % 2 === 0),
      cutOff: fc.boolean(),
      everyMs: fc.integer({ min: LOOK_MS, max: 3 * LOOK_MS }),
    }),
    { minLength: 1, maxLength: 40 },
  ),
);

interface Look {
  nodes: readonly SeenNode[];
  away: boolean;
  cutOff: boolean;
  everyMs: number;
}

interface Done {
  at: number;
  action: Action;
  nodes: readonly SeenNode[];
  away: boolean;
}

/** What is done over the whole history, remembered as the session store remembers it. */
function live(looks: readonly Look[]): Done[] {
  let memory: Memory = fresh;
  let now = START;
  const done: Done[] = [];
  for (const { nodes, away, cutOff, everyMs } of looks) {
    const { actions, watch } = decide({ storeAway: away ? "away" : null, nodes }, memory, now);
    const records: Record<string, ActionRecord> = { ...memory.records };
    for (const action of actions) {
      done.push({ at: now, action, nodes, away });
      if ("record" in action) records[action.node] = cutOff || action.kind === "note-recovery" ? action.record : { ...action.record, doneAt: now };
    }
    memory = { watch, records };
    now += everyMs;
  }
  return done;
}

const onNodes = (done: readonly Done[]) => done.flatMap((one) => ("node" in one.action ? [{ ...one, action: one.action }] : []));
const isIll = ({ state, agentAnswers, gateAnswers }: SeenNode): boolean => (state === null && !agentAnswers) || !gateAnswers;

test("a node that is heard of in any way is neither restarted nor replaced", () => {
  fc.assert(
    fc.property(history, (looks) => {
      for (const { action, nodes } of onNodes(live(looks))) {
        if (action.kind === "note-recovery") continue;
        expect(nodes.find(({ id }) => id === action.node)).toMatchObject({ state: null, agentAnswers: false });
      }
    }),
  );
});

test("never is a node replaced while more than half look ill, and nothing is done while the store is away", () => {
  fc.assert(
    fc.property(history, (looks) => {
      for (const { action, nodes, away } of onNodes(live(looks))) {
        expect(away).toBe(false);
        if (action.kind === "replace") expect(nodes.filter(isIll).length * 2).toBeLessThanOrEqual(nodes.length);
      }
    }),
  );
});

test("at one look a node gets one action, and one node is replaced", () => {
  fc.assert(
    fc.property(history, (looks) => {
      const done = onNodes(live(looks));
      for (const at of new Set(done.map((one) => one.at))) {
        const now = done.filter((one) => one.at === at).map(({ action }) => action);
        expect(new Set(now.map((action) => action.node)).size).toBe(now.length);
        expect(now.filter(({ kind }) => kind === "replace").length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("a node is only replaced after 10 s of silence", () => {
  fc.assert(
    fc.property(history, (looks) => {
      let now = START;
      const heard = new Map<string, number>();
      const done = onNodes(live(looks));
      for (const { nodes, everyMs, away } of looks) {
        // A look without the store hears nothing.
        for (const { id, state, agentAnswers } of away ? [] : nodes) if (state !== null || agentAnswers) heard.set(id, now);
        for (const { action } of done.filter((one) => one.at === now && one.action.kind !== "note-recovery"))
          expect(now - (heard.get(action.node) ?? START)).toBeGreaterThanOrEqual(SILENT_MS);
        now += everyMs;
      }
    }),
  );
});

test("a node that stays silent while all others are well is replaced in the end, wherever runs are cut off", () => {
  const cuts = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(cuts, (cutOffs) => {
      const ill: SeenNode = { id: "i-0", ip: null, state: null, agentAnswers: false, gateAnswers: true, targetHealthy: false };
      const other = (id: string): SeenNode => ({ ...ill, id, state: "healthy", agentAnswers: true, targetHealthy: true });
      const nodes = [ill, other("i-1"), other("i-2")];
      const done = onNodes(live(cutOffs.map((cutOff) => ({ nodes, away: false, cutOff, everyMs: LOOK_MS }))));
      const kinds = done.map(({ action }) => action.kind);
      expect(kinds[0]).toBe("restart-agent");
      const first = done.find(({ action }) => action.kind === "replace");
      expect(first?.at).toBe(START + SILENT_MS + AFTER_RESTART_MS);
    }),
  );
});
