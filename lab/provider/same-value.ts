import { isDeepStrictEqual } from "node:util";
import { Archive, Asset, isRecord } from "./property-values";

/** Equal for AWS: assets by content, JSON documents by meaning, the rest exactly. `unordered` is for AWS's sets: order does not count. */
export function isSame(left: unknown, right: unknown, unordered = false): boolean {
  if (left instanceof Asset && right instanceof Asset) return left.hash === right.hash;
  if (left instanceof Archive && right instanceof Archive) return left.hash === right.hash;
  if (unordered && Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && isDeepStrictEqual(sorted(left), sorted(right));
  }
  return isDeepStrictEqual(left, right) || isSameDocument(left, right);
}

/** Whether what AWS reports is what was asked for: it may say more (defaults it filled in), never something else. */
export function isAsDeclared(declared: unknown, live: unknown, unordered = false): boolean {
  if (declared === undefined) return true;
  if (Array.isArray(declared) && Array.isArray(live)) {
    if (declared.length !== live.length) return false;
    return unordered
      ? declared.every((item) => live.some((other) => isAsDeclared(item, other)))
      : declared.every((item, index) => isAsDeclared(item, live[index]));
  }
  if (isRecord(declared) && isRecord(live)) return Object.entries(declared).every(([key, value]) => isAsDeclared(value, live[key]));
  return isSame(declared, live);
}

function isSameDocument(left: unknown, right: unknown): boolean {
  const [first, second] = [document(left), document(right)];
  return first !== undefined && isDeepStrictEqual(first, second);
}

function document(value: unknown): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort();
