import type { Operation, Violation } from "./operation";

const MEANING: Record<Violation["kind"], string> = {
  "lost-write": "an acknowledged write was lost",
  "own-write-missed": "a client did not see its own acknowledged write",
  "went-back": "a client saw an older value than before",
  "stale-read": "a client saw a value that had been replaced before it asked",
  "never-written": "a client saw what nobody wrote",
  "refused-write-seen": "a client saw what had been refused",
};

/** A violation as a line for people, times in milliseconds since `since`. */
export function violationLine({ kind, session, key, operations }: Violation, since = 0): string {
  return `${session}/${key}: ${MEANING[kind]}: ${operations.map((operation) => operationWords(operation, since)).join(", then ")}`;
}

function operationWords({ client, kind, value, result, version, invokedAt, returnedAt, outcome }: Operation, since: number): string {
  const at = (time: number | null): string => (time === null ? "never" : (time - since).toFixed(1));
  const became = result === undefined ? "" : ` (became ${result})`;
  const verb = kind === "read" ? "saw" : kind === "add" ? "added" : "wrote";
  return `${client} ${verb} ${JSON.stringify(value)}${became}${version === undefined ? "" : ` of version ${version}`} [${at(invokedAt)}-${at(returnedAt)} ${outcome}]`;
}
