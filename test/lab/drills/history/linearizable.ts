import type { Operation, Value } from "../../../../lab/drills/history/operation";

/**
 * Linearizability by trying all orders of one key's operations (Wing and Gong, with remembered dead ends): slow, and plainly right. An operation
 * that was not acknowledged may take effect at any time after it began, or never.
 */
export function isLinearizable(operations: readonly Operation[]): boolean {
  const relevant = operations.filter(({ kind, outcome }) => outcome === "ok" || (kind !== "read" && outcome === "unknown"));
  const isCounter = relevant.some(({ kind }) => kind === "add");
  const end = (operation: Operation): number => (operation.outcome === "ok" ? (operation.returnedAt ?? Infinity) : Infinity);
  const dead = new Set<string>();

  const next = (done: number, state: Value): boolean => {
    const rest = relevant.filter((_, index) => (done & (1 << index)) === 0);
    if (rest.every(({ outcome }) => outcome === "unknown")) return true;
    const position = `${done} ${JSON.stringify(state)}`;
    if (dead.has(position)) return false;
    const firstEnd = Math.min(...rest.map(end));
    for (const [index, operation] of relevant.entries()) {
      if ((done & (1 << index)) !== 0 || operation.invokedAt > firstEnd) continue;
      const after = apply(operation, state);
      if (after !== undefined && next(done | (1 << index), after)) return true;
    }
    dead.add(position);
    return false;
  };
  return next(0, isCounter ? 0 : null);
}

/** The state after an operation; undefined when it could not have seen what it saw. */
function apply({ kind, value, result }: Operation, state: Value): Value | undefined {
  if (kind === "write") return value;
  if (kind === "read") return value === state ? state : undefined;
  const sum = Number(state) + Number(value);
  return result === undefined || result === sum ? sum : undefined;
}
