import { grouped } from "./grouped";
import { endOf, type Operation, type Violation } from "./operation";
import { amountOf, type Sight, sightsOf } from "./sights";

type Finding = Pick<Violation, "kind" | "operations">;

/** One key that is added to and read: no acknowledged amount may be missing, and nothing may be there that nobody added. */
export function judgeCounter(operations: readonly Operation[], stalenessMs: number): Finding[] {
  const adds = operations.filter(({ kind, outcome }) => kind === "add" && outcome !== "refused");
  const sights = sightsOf(operations, adds, stalenessMs);
  const findings = [...missingFindings(sights, adds), ...surplusFindings(sights)];
  return findings.length > 0 ? findings : equalResults(sights);
}

/** What is missing until the end is lost, once; what comes back was only not seen. */
function missingFindings(sights: readonly Sight[], adds: readonly Operation[]): Finding[] {
  const forGood = sights.map(({ missing }) => missing);
  for (let index = forGood.length - 2; index >= 0; index -= 1) forGood[index] = Math.min(forGood[index] ?? 0, forGood[index + 1] ?? 0);
  return sights.flatMap(({ operation, missing }, index): Finding[] => {
    if (missing === 0) return [];
    const before = adds.filter((add) => endOf(add) < operation.invokedAt).sort((a, b) => endOf(a) - endOf(b));
    const lost = (forGood[index] ?? 0) - (forGood[index - 1] ?? 0);
    const findings = lost > 0 ? lostFindings(lastOf(before, lost), operation) : [];
    if (missing <= (forGood[index] ?? 0)) return findings;
    const last = before.at(-1);
    const kind = last?.client === operation.client ? "own-write-missed" : "stale-read";
    return [...findings, { kind, operations: [...(last ? [last] : []), operation] }];
  });
}

/** Without an acknowledged add to name, what was lost had been seen. */
const lostFindings = (lost: readonly Operation[], sight: Operation): Finding[] =>
  (lost.length > 0 ? lost.map((add) => [add, sight]) : [[sight]]).map((operations) => ({ kind: "lost-write", operations }));

/** The last adds that make up an amount: which of several equal ones are lost, nobody can tell. */
function lastOf(adds: readonly Operation[], amount: number): Operation[] {
  const found: Operation[] = [];
  let rest = amount;
  for (const add of [...adds].reverse()) {
    if (rest <= 0) break;
    found.unshift(add);
    rest -= amountOf(add);
  }
  return found;
}

/** Too much stays too much: the first sight tells. */
function surplusFindings(sights: readonly Sight[]): Finding[] {
  const first = sights.find(({ surplus }) => surplus > 0);
  return first ? [{ kind: "never-written", operations: [first.operation] }] : [];
}

/** Two adds that made the same number of it: one overwrote the other, and nobody looked afterwards. */
function equalResults(sights: readonly Sight[]): Finding[] {
  const adds = sights.filter(({ own }) => own > 0);
  return [...grouped(adds, ({ number }) => number).values()].flatMap(([first, ...others]) =>
    others.flatMap(({ operation }): Finding[] => (first ? [{ kind: "lost-write", operations: [first.operation, operation] }] : [])),
  );
}
