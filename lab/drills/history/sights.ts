import { endOf, type Operation } from "./operation";
import { Sums } from "./sums";

/** A counter's number was this for somebody, at some moment between the operation's begin and end. */
export interface Sight {
  operation: Operation;
  number: number;
  /** What the operation itself had added to it. */
  own: number;
  /** How much of what must be there is not. */
  missing: number;
  /** How much is there that nobody can have added. */
  surplus: number;
}

export const amountOf = ({ value }: Operation): number => Number(value);

/** What a key's operations saw of its number, measured against what was added (adds that were not refused). */
export function sightsOf(operations: readonly Operation[], adds: readonly Operation[], stalenessMs: number): Sight[] {
  const sights = operations.flatMap(sight).sort((a, b) => a.operation.invokedAt - b.operation.invokedAt);
  for (const client of new Set(sights.map(({ operation }) => operation.client))) measureMissing(client, sights, adds, stalenessMs);
  measureSurplus(sights, adds, stalenessMs);
  return sights;
}

function sight(operation: Operation): Sight[] {
  const isAdd = operation.kind === "add";
  const number = isAdd ? operation.result : amountOf(operation);
  if (operation.outcome !== "ok" || number === undefined) return [];
  return [{ operation, number, own: isAdd ? amountOf(operation) : 0, missing: 0, surplus: 0 }];
}

const sums = (adds: readonly Operation[], timeOf: (add: Operation) => number): Sums =>
  new Sums(adds.map((add) => ({ time: timeOf(add), amount: amountOf(add) })));

/** Goes through what one client saw. Others' adds and sights bind it `stalenessMs` after their end, its own at once. */
function measureMissing(client: string, sights: readonly Sight[], adds: readonly Operation[], stalenessMs: number): void {
  const bindsAt = (operation: Operation): number => endOf(operation) + (operation.client === client ? 0 : stalenessMs);
  const binding = sums(adds, bindsAt);
  const begun = sums(
    adds.filter(({ outcome }) => outcome === "ok"),
    ({ invokedAt }) => invokedAt,
  );
  const earlier = [...sights].sort((a, b) => bindsAt(a.operation) - bindsAt(b.operation));
  /** What earlier sights prove of adds that were not acknowledged. */
  let proved = 0;
  let next = 0;
  for (const sight of sights) {
    const { operation, number, own } = sight;
    if (operation.client !== client) continue;
    for (let one = earlier[next]; one !== undefined && bindsAt(one.operation) < operation.invokedAt; one = earlier[(next += 1)]) {
      proved = Math.max(proved, one.number - begun.upTo(endOf(one.operation)));
    }
    sight.missing = Math.max(0, proved + binding.before(operation.invokedAt) + own - number);
  }
}

function measureSurplus(sights: readonly Sight[], adds: readonly Operation[], stalenessMs: number): void {
  const begun = sums(adds, ({ invokedAt }) => invokedAt);
  const ended = sums(adds, endOf);
  // One that misses something itself does not bound what is seen after it.
  const earlier = sights.filter(({ missing }) => missing === 0).sort((a, b) => endOf(a.operation) - endOf(b.operation));
  /** What earlier sights leave of adds that had begun; the first is the empty key. */
  let left = 0;
  let next = 0;
  for (const sight of sights) {
    const { invokedAt } = sight.operation;
    for (let one = earlier[next]; one !== undefined && endOf(one.operation) < invokedAt; one = earlier[(next += 1)]) {
      left = Math.min(left, one.number - one.own - ended.before(one.operation.invokedAt - stalenessMs));
    }
    sight.surplus = Math.max(0, sight.number - left - begun.upTo(endOf(sight.operation)));
  }
}
