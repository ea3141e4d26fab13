import type { Snapshot, Version } from "./model";

const PATTERN = /^([1-9]\d{0,14})\.([\w-]{1,64})$/;

/** Undefined for what is no version. */
export function parseVersion(text: string): Version | undefined {
  const [, n, write] = PATTERN.exec(text) ?? [];
  return n === undefined || write === undefined ? undefined : { n: Number(n), write };
}

export const formatVersion = ({ n, write }: Version): string => `${n}.${write}`;

/** Milliseconds. What is older is not disputed any more, and who wrote it is forgotten (scripts/script.ts). */
const DISPUTE_MS = 86_400_000;

const isSettled = (older: Version, { version, born }: Known): boolean => older.n < born || older.n < version.n - DISPUTE_MS;

type Known = Pick<Snapshot, "version" | "writers" | "born">;

/** Who made a version, and which of its writes that was. */
export function writeOf({ write }: Version): { writer: string; seq: number } {
  const dash = write.lastIndexOf("-");
  return { writer: write.slice(0, dash), seq: Number(write.slice(dash + 1)) };
}

/**
 * Whether a copy satisfies someone who has seen `seen`: the write that made `seen` is part of the copy's history. A greater `n` alone proves
 * nothing: after a failover two histories may have grown side by side. What was seen before the session was born (again) is over.
 */
export function includes(copy: Known, seen: Version): boolean {
  const { version } = copy;
  if (version.write === seen.write) return version.n === seen.n;
  if (seen.n >= version.n) return false;
  if (isSettled(seen, copy)) return true;
  const { writer, seq } = writeOf(seen);
  return (copy.writers.get(writer) ?? 0) >= seq;
}

/** Whether everything that is part of `older` is part of `copy`. */
export function descends(copy: Known, older: Known): boolean {
  if (sameVersion(copy.version, older.version)) return true;
  if (isSettled(older.version, copy)) return true;
  for (const [writer, seq] of older.writers) if ((copy.writers.get(writer) ?? 0) < seq) return false;
  return true;
}

export const sameVersion = (a: Version, b: Version): boolean => a.n === b.n && a.write === b.write;

export const newer = (a: Version | undefined, b: Version | undefined): Version | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return b.n > a.n ? b : a;
};
