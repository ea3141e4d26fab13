export type Value = string | number | boolean | null;

/** What one client did to one key of one session, and what it was told. Times are milliseconds of one clock, the same for all clients. */
export interface Operation {
  client: string;
  session: string;
  /** `write` sets the value, `add` increases a number, `read` sees the value. */
  kind: "write" | "add" | "read";
  key: string;
  /** Written, added (above 0) or seen; `null` is what a key has that was never written. A key's written values are all different, and none is `null`. */
  value: Value;
  /** `add`: what the answer said the number had become. */
  result?: number;
  /** Evidence for the reader of a violation; nothing is judged by it. */
  version?: string;
  invokedAt: number;
  /** `null`: it never returned. */
  returnedAt: number | null;
  /** `ok`: acknowledged. `refused`: certainly without effect. `unknown`: it may have had its effect, or have it at any time later. */
  outcome: "ok" | "refused" | "unknown";
}

export type ViolationKind =
  /** An acknowledged write that was not there and was never seen again. */
  | "lost-write"
  /** A client did not see its own acknowledged write, which others (or itself, later) did see. */
  | "own-write-missed"
  /** A client saw a value older than one it had seen. */
  | "went-back"
  /** A client saw a value that had been replaced before it asked. */
  | "stale-read"
  /** A value that nobody wrote, or had begun to write, or more than everybody added. */
  | "never-written"
  /** The value of a write that was refused. */
  | "refused-write-seen";

export interface Violation {
  kind: ViolationKind;
  session: string;
  key: string;
  /** The operations that contradict each other, in the order in which they began. */
  operations: Operation[];
}

/** When its effect was there at the latest; never for an operation that was not acknowledged. */
export const endOf = ({ outcome, returnedAt }: Operation): number => (outcome === "ok" && returnedAt !== null ? returnedAt : Infinity);
