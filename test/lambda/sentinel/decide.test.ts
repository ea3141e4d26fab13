import { type Action, AFTER_RESTART_MS, decide, MOST_RESTARTS, RESUME_MS, SILENT_MS } from "../../../lambda/sentinel/decide";
import type { ActionRecord, Memory } from "../../../lambda/sentinel/memory";
import { fresh, gone, seen, silent, well } from "./seen-nodes";

const T = 1_800_000_000_000;

const brief = (actions: readonly Action[]) => actions.map((action) => ("node" in action ? `${action.kind} ${action.node}` : action.kind));

/** That which has been silent since then. */
const since = (
  silentSince: Record<string, number>,
  records: Record<string, ActionRecord> = {},
  gateSilentSince: Record<string, number> = {},
): Memory => ({
  watch: { ...fresh.watch, silentSince, gateSilentSince },
  records,
});

const restarted = (begunAt: number, more: Partial<ActionRecord> = {}): ActionRecord => ({
  step: "restart",
  begunAt,
  doneAt: begunAt + 300,
  recoveredAt: null,
  restarts: 1,
  ...more,
});

const three = seen(silent("a"), well("b"), well("c"));

test("nodes that are heard of are left alone", () => {
  expect(decide(seen(well("a"), well("b")), fresh, T)).toEqual({
    actions: [],
    watch: { ...fresh.watch, ips: { a: "10.0.0.1", b: "10.0.0.1" } },
    commonCause: false,
  });
});

test("a node that is silent is remembered, and left alone for 10 s", () => {
  const { actions, watch } = decide(three, fresh, T);
  expect(actions).toEqual([]);
  expect(watch.silentSince).toEqual({ a: T });
  expect(decide(three, { ...fresh, watch }, T + SILENT_MS - 1).actions).toEqual([]);
});

test.each([
  ["its entry is fresh", { ...silent("a"), state: "healthy" as const }],
  ["its agent answers", { ...silent("a"), agentAnswers: true }],
])("a node is not silent while %s", (_, node) => {
  expect(decide(seen(node, well("b"), well("c")), since({ a: T - 60_000 }), T)).toMatchObject({ actions: [], watch: { silentSince: {} } });
});

test("the agent of a node that is silent for 10 s is restarted", () => {
  const { actions } = decide(three, since({ a: T - SILENT_MS }), T);
  expect(actions).toEqual([
    {
      kind: "restart-agent",
      node: "a",
      reason: "its agent has been silent for 10 s",
      record: { step: "restart", begunAt: T, doneAt: null, recoveredAt: null, restarts: 1 },
    },
  ]);
});

test("a restart that was sent is given 30 s, then the node is replaced", () => {
  const memory = (ago: number) => since({ a: T - ago - SILENT_MS }, { a: restarted(T - ago) });
  expect(decide(three, memory(AFTER_RESTART_MS - 1), T).actions).toEqual([]);
  expect(brief(decide(three, memory(AFTER_RESTART_MS), T).actions)).toEqual(["replace a"]);
});

test("a restart of which nobody knows whether it was sent is sent again, and its 30 s go on", () => {
  const memory = (ago: number) => since({ a: T - ago - SILENT_MS }, { a: restarted(T - ago, { doneAt: null }) });
  expect(decide(three, memory(RESUME_MS - 1), T).actions).toEqual([]);
  expect(decide(three, memory(RESUME_MS), T).actions).toMatchObject([{ kind: "restart-agent", record: { begunAt: T - RESUME_MS, restarts: 1 } }]);
  expect(brief(decide(three, memory(AFTER_RESTART_MS), T).actions)).toEqual(["replace a"]);
});

test("an agent that is heard of again is noted, once", () => {
  const record = restarted(T - 5000);
  const all = seen(well("a"), well("b"), well("c"));
  expect(decide(all, since({}, { a: record }), T).actions).toEqual([{ kind: "note-recovery", node: "a", record: { ...record, recoveredAt: T } }]);
  expect(decide(all, since({}, { a: { ...record, recoveredAt: T } }), T + 5000).actions).toEqual([]);
});

test("an agent that falls silent again and again is restarted three times, then its node is replaced", () => {
  const again = (restarts: number) => since({ a: T - SILENT_MS }, { a: restarted(T - 120_000, { recoveredAt: T - 100_000, restarts }) });
  expect(decide(three, again(MOST_RESTARTS - 1), T).actions).toMatchObject([
    { kind: "restart-agent", record: { restarts: MOST_RESTARTS, begunAt: T } },
  ]);
  expect(brief(decide(three, again(MOST_RESTARTS), T).actions)).toEqual(["replace a"]);
});

test("a node of which agent and gate are silent is replaced without a restart", () => {
  const all = seen(gone("a"), well("b"), well("c"));
  expect(brief(decide(all, since({ a: T - SILENT_MS }, {}, { a: T - SILENT_MS }), T).actions)).toEqual(["replace a"]);
  expect(brief(decide(all, since({ a: T - SILENT_MS }, {}, { a: T - SILENT_MS + 1 }), T).actions)).toEqual(["restart-agent a"]);
});

test("a gate that the load balancer finds healthy is not gone, though it does not answer here", () => {
  const all = seen({ ...gone("a"), targetHealthy: true }, well("b"), well("c"));
  expect(brief(decide(all, since({ a: T - SILENT_MS }, {}, { a: T - SILENT_MS }), T).actions)).toEqual(["restart-agent a"]);
});

test("a replacement that was cut off is done again, one that was done is not", () => {
  const replacing = (doneAt: number | null) => since({ a: T - 90_000 }, { a: restarted(T - 20_000, { step: "replace", doneAt }) });
  expect(brief(decide(three, replacing(null), T).actions)).toEqual(["replace a"]);
  expect(decide(three, replacing(T - 5000), T).actions).toEqual([]);
  expect(brief(decide(three, replacing(T - AFTER_RESTART_MS), T).actions)).toEqual(["replace a"]);
});

describe("when more than half of the nodes look ill at once", () => {
  const two = seen(silent("a"), silent("b"), well("c"));
  const long = T - 60_000;

  test("no node is replaced, and after 10 s it is told what they share, once", () => {
    const first = decide(two, since({ a: long, b: long }, { a: restarted(long), b: restarted(long) }, { a: long, b: long }), T);
    expect(first).toMatchObject({ actions: [], commonCause: true, watch: { commonSince: T, commonTold: false } });
    const second = decide(two, { watch: first.watch, records: {} }, T + SILENT_MS);
    expect(second.actions).toContainEqual({
      kind: "tell-common-cause",
      reason: "2 of 3 nodes look ill at once (a, b): no node is taken out for what they share",
    });
    expect(brief(decide(two, { watch: second.watch, records: {} }, T + 2 * SILENT_MS).actions)).not.toContain("tell-common-cause");
  });

  test("silent agents are restarted, which takes nothing out, one after the other", () => {
    expect(brief(decide(two, since({ a: T - SILENT_MS, b: T - SILENT_MS }), T).actions)).toEqual(["restart-agent a"]);
    const begun = since({ a: T - 15_000, b: T - 15_000 }, { a: restarted(T - 5000) });
    expect(decide(two, begun, T).actions).toEqual([]);
    const mended = since({ b: T - 20_000 }, { a: restarted(T - 8000, { recoveredAt: T - 4000 }) });
    expect(
      brief(decide(seen(well("a"), silent("b"), silent("c")), { ...mended, watch: { ...mended.watch, silentSince: { b: T - 20_000 } } }, T).actions),
    ).toEqual(["restart-agent b"]);
  });

  test("it is over when fewer are", () => {
    const memory: Memory = { watch: { ...fresh.watch, commonSince: T - 30_000, commonTold: true }, records: {} };
    expect(decide(three, memory, T)).toMatchObject({ commonCause: false, watch: { commonSince: null, commonTold: false } });
  });
});

test("while the session store is away nothing is done, and after 10 s that is told", () => {
  const away = { storeAway: "no answer", nodes: [gone("a"), gone("b"), gone("c")] };
  const first = decide(away, since({ a: T - 60_000 }, {}, { a: T - 60_000 }), T);
  expect(first).toMatchObject({ actions: [], commonCause: true });
  expect(decide(away, { watch: first.watch, records: {} }, T + SILENT_MS).actions).toEqual([
    { kind: "tell-common-cause", reason: "the session store is away: no answer" },
  ]);
});

test("one node is replaced at a time", () => {
  const five = seen(silent("a"), silent("b"), well("c"), well("d"), well("e"));
  const both = { a: restarted(T - 40_000), b: restarted(T - 40_000) };
  const since60 = { a: T - 60_000, b: T - 60_000 };
  expect(brief(decide(five, since(since60, both), T).actions)).toEqual(["replace a"]);
  expect(decide(five, since(since60, { ...both, a: restarted(T - 5000, { step: "replace" }) }), T).actions).toEqual([]);
});
