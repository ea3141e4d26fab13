import fc from "fast-check";
import type { Operation } from "../../../../lab/drills/history/operation";

/** A short operation for a test: what matters first, the rest by convention (client c, session s, key k, acknowledged). */
export function operation(
  kind: Operation["kind"],
  value: Operation["value"],
  [invokedAt, returnedAt]: [number, number | null],
  rest: Partial<Operation> = {},
): Operation {
  const outcome = returnedAt === null ? "unknown" : "ok";
  return { client: "c", session: "s", key: "k", kind, value, invokedAt, returnedAt, outcome, ...rest };
}

const interval = fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 6 })).map(([begin, length]): [number, number] => [begin, begin + length]);
const client = fc.constantFrom("a", "b", "c");
const lost = fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0);

/** Anything at all that a few clients may have seen of one register, right or wrong. */
export const anyRegister: fc.Arbitrary<Operation[]> = fc
  .record({
    writes: fc.array(fc.tuple(interval, client, lost), { maxLength: 4 }),
    reads: fc.array(fc.tuple(interval, client, fc.nat(4)), { minLength: 1, maxLength: 6 }),
  })
  .map(({ writes, reads }) => [
    ...writes.map(([[begin, end], by, isLost], index) => operation("write", index + 1, [begin, isLost ? null : end], { client: by })),
    ...reads.map(([times, by, value]) => operation("read", value % (writes.length + 1) || null, times, { client: by })),
  ]);

/** The same of one counter. */
export const anyCounter: fc.Arbitrary<Operation[]> = fc
  .record({
    adds: fc.array(fc.tuple(interval, client, lost, fc.option(fc.integer({ min: 1, max: 5 }))), { maxLength: 4 }),
    reads: fc.array(fc.tuple(interval, client, fc.nat(4)), { maxLength: 4 }),
  })
  .map(({ adds, reads }) => [
    ...adds.map(([[begin, end], by, isLost, result]) =>
      operation("add", 1, [begin, isLost ? null : end], { client: by, ...(result === null || isLost ? {} : { result }) }),
    ),
    ...reads.map(([times, by, value]) => operation("read", value, times, { client: by })),
  ]);

export interface Step {
  session: number;
  key: number;
  client: number;
  isRead: boolean;
  /** Milliseconds until the next step, and how long before and after its moment an operation began and returned. */
  pause: number;
  before: number;
  after: number;
  /** 0: never acknowledged though done. 1: never acknowledged nor done. 2: refused. */
  fate: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  session: fc.nat(1),
  key: fc.nat(1),
  client: fc.nat(3),
  isRead: fc.boolean(),
  pause: fc.integer({ min: 1, max: 5 }),
  before: fc.nat(8),
  after: fc.nat(8),
  fate: fc.nat(12),
});

/** What a right store would have shown: each operation happens at one moment between its begin and its end. */
export const rightHistory = (kind: "write" | "add", maxLength: number): fc.Arbitrary<Operation[]> =>
  fc.array(step, { maxLength, minLength: Math.min(1, maxLength) }).map((steps) => perform(kind, steps));

/** What a store with a lease may show of one key: a client's own and earlier sights at once, others' operations up to `leaseMs` after their end. */
export const leasedHistory = (kind: "write" | "add", leaseMs: number): fc.Arbitrary<Operation[]> =>
  fc.array(fc.tuple(step, fc.nat(9)), { maxLength: 60 }).map((steps) => {
    const versions: { value: number | null; visibleBy: number }[] = [{ value: kind === "add" ? 0 : null, visibleBy: 0 }];
    const known = new Map<string, number>();
    const onePlace = steps.map(([one]) => ({ ...one, session: 0, key: 0 }));
    return perform(kind, onePlace).map((one, index) => {
      const { client, invokedAt, returnedAt, outcome } = one;
      if (one.kind === "read") {
        const bound = versions.findLastIndex(({ visibleBy }) => visibleBy < invokedAt);
        const oldest = Math.max(bound, known.get(client) ?? 0);
        const seen = oldest + ((steps[index]?.[1] ?? 0) % (versions.length - oldest));
        known.set(client, seen);
        return { ...one, value: versions[seen]?.value ?? null };
      }
      const isDone = outcome === "ok" || steps[index]?.[0].fate === 0;
      if (!isDone) return one;
      const value = kind === "write" ? Number(one.value) : Number(versions.at(-1)?.value) + Number(one.value);
      versions.push({ value, visibleBy: outcome === "ok" && returnedAt !== null ? returnedAt + leaseMs : Infinity });
      if (outcome === "ok") known.set(client, versions.length - 1);
      return one;
    });
  });

export function perform(kind: "write" | "add", steps: readonly Step[]): Operation[] {
  const state = new Map<string, number>();
  let now = 0;
  return steps.map(({ session, key, client: by, isRead, pause, before, after, fate }, index) => {
    now += pause;
    const place = `${session} ${key}`;
    const isDone = isRead || fate === 0 || fate > 2;
    const value = kind === "write" ? index + 1 : 1 + (index % 3);
    const result = kind === "write" ? value : (state.get(place) ?? 0) + value;
    if (!isRead && isDone) state.set(place, result);
    const seen = state.get(place) ?? (kind === "add" ? 0 : null);
    return {
      client: `c${by}`,
      session: `s${session}`,
      key: `k${key}`,
      kind: isRead ? "read" : kind,
      value: isRead ? seen : value,
      ...(kind === "add" && !isRead && fate > 2 && index % 2 === 0 ? { result } : {}),
      invokedAt: now - before,
      returnedAt: isRead || fate > 1 ? now + after : null,
      outcome: isRead || fate > 2 ? "ok" : fate === 2 ? "refused" : "unknown",
    };
  });
}
