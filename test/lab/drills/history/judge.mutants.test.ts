import fc from "fast-check";
import { judge } from "../../../../lab/drills/history/judge";
import type { Operation } from "../../../../lab/drills/history/operation";
import { rightHistory } from "./histories";

/** A right history to whose end something is added that cannot be right. */
function spoilt(kind: "write" | "add", spoil: (history: Operation[], last: Operation) => Operation[]): fc.Arbitrary<Operation[]> {
  return rightHistory(kind, 40).map((history) => {
    const end = Math.max(0, ...history.flatMap(({ invokedAt, returnedAt }) => [invokedAt, returnedAt ?? 0])) + 1;
    const last: Operation = { client: "w", session: "s0", key: "k0", kind, value: 1000, invokedAt: end, returnedAt: end + 1, outcome: "ok" };
    return [...history, ...spoil(history, last)];
  });
}

const afterwards = (last: Operation, value: Operation["value"], client = "r"): Operation => ({
  ...last,
  client,
  kind: "read",
  value,
  invokedAt: last.invokedAt + 2,
  returnedAt: last.invokedAt + 3,
});

/** What the key showed before, as its acknowledged reads tell; nothing was ever there otherwise. */
const shownBefore = (history: readonly Operation[], empty: Operation["value"]): Operation["value"] =>
  history.filter(({ kind, session, key }) => kind === "read" && session === "s0" && key === "k0").at(-1)?.value ?? empty;

const acknowledged = (history: readonly Operation[]): number =>
  history.reduce((sum, { kind, session, key, outcome, value }) => {
    return kind === "add" && session === "s0" && key === "k0" && outcome === "ok" ? sum + Number(value) : sum;
  }, 0);

const possible = (history: readonly Operation[]): number =>
  history.reduce((sum, { kind, session, key, outcome, value }) => {
    return kind === "add" && session === "s0" && key === "k0" && outcome !== "refused" ? sum + Number(value) : sum;
  }, 0);

test.each<[string, string, fc.Arbitrary<Operation[]>]>([
  ["loses the last write", "lost-write", spoilt("write", (history, last) => [last, afterwards(last, shownBefore(history, null))])],
  ["loses the session", "lost-write", spoilt("write", (_, last) => [last, afterwards(last, null)])],
  ["hides a write from its writer", "lost-write", spoilt("write", (_, last) => [last, afterwards(last, null, "w")])],
  ["shows what was refused", "refused-write-seen", spoilt("write", (_, last) => [{ ...last, outcome: "refused" }, afterwards(last, 1000)])],
  ["makes a value up", "never-written", spoilt("write", (_, last) => [last, afterwards(last, 1001)])],
  [
    "shows a write before it began",
    "never-written",
    spoilt("write", (_, last) => [{ ...last, invokedAt: last.invokedAt + 5 }, afterwards(last, 1000)]),
  ],
  ["loses an amount", "lost-write", spoilt("add", (history, last) => [last, afterwards(last, acknowledged(history) + 999)])],
  ["loses all amounts", "lost-write", spoilt("add", (_, last) => [last, afterwards(last, 0)])],
  ["adds an amount twice", "never-written", spoilt("add", (history, last) => [last, afterwards(last, possible(history) + 1001)])],
  ["answers an add with too little", "lost-write", spoilt("add", (history, last) => [{ ...last, result: acknowledged(history) + 999 }])],
])("a store that %s is caught", (_, kind, histories) => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(judge(history).map((violation) => violation.kind)).toContain(kind);
    }),
    { numRuns: 300 },
  );
});

/** Two places of one session: a copy that a node keeps beside the truth, without ever asking again. */
test("a store that serves an old copy now and then is caught, and only its reads are", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 38 }), (writes, place) => {
      const history = Array.from({ length: writes }, (_, index): Operation[] => {
        const at = index * 10;
        const base = { session: "s", key: "k", outcome: "ok" } as const;
        return [
          { ...base, client: "w", kind: "write", value: index, invokedAt: at, returnedAt: at + 1 },
          { ...base, client: "r", kind: "read", value: index, invokedAt: at + 6, returnedAt: at + 7 },
        ];
      }).flat();
      const victim = 1 + (place % (writes - 1));
      const stale = {
        ...(history[0] as Operation),
        client: "q",
        kind: "read",
        value: victim - 1,
        invokedAt: victim * 10 + 3,
        returnedAt: victim * 10 + 4,
      } as const;
      expect(judge([...history, stale])).toEqual([{ kind: "stale-read", session: "s", key: "k", operations: [history[victim * 2], stale] }]);
    }),
  );
});
