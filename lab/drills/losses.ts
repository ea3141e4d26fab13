import type { Operation, Violation } from "./history/operation";
import { violationLine } from "./history/words";

/** How many violations are told in full, each of another session. */
const EVIDENCE = 5;

/** What the judge's violations mean for the carts. */
export function losses(history: readonly Operation[], violations: readonly Violation[], since: number) {
  const of = (...kinds: Violation["kind"][]) => violations.filter(({ kind }) => kinds.includes(kind));
  const lost = of("lost-write");
  return {
    sessionsLost: lostSessions(history, lost).size,
    acknowledgedLost: lost.length,
    staleReads: answers(of("own-write-missed", "went-back", "stale-read")).size,
    inventedReads: answers(of("never-written", "refused-write-seen")).size,
    evidence: firstOfSessions(violations).map((violation) => violationLine(violation, since)),
  };
}

const firstOfSessions = (violations: readonly Violation[]): Violation[] =>
  [...new Map(violations.toReversed().map((violation) => [violation.session, violation])).values()].toReversed().slice(0, EVIDENCE);

const answerOf = ({ client, session, invokedAt }: Operation): string => JSON.stringify([client, session, invokedAt]);

/** One answer tells of several products. */
const answers = (violations: readonly Violation[]): Set<string> =>
  new Set(violations.flatMap(({ operations }) => operations.slice(-1).map(answerOf)));

/** Sessions of which some answer showed nothing but what its own request had put in, when there should have been more. */
function lostSessions(history: readonly Operation[], lost: readonly Violation[]): Set<string> {
  const suspects = answers(lost);
  const others = new Map<string, number>();
  for (const operation of history) {
    const answer = answerOf(operation);
    if (!suspects.has(answer)) continue;
    const number = operation.kind === "add" ? (operation.result ?? 0) - Number(operation.value) : Number(operation.value);
    others.set(answer, (others.get(answer) ?? 0) + number);
  }
  return new Set(
    lost.flatMap(({ session, operations }) => operations.slice(-1).flatMap((sight) => (others.get(answerOf(sight)) === 0 ? [session] : []))),
  );
}
