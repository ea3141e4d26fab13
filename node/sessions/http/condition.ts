import type { Snapshot, Version } from "../model";
import { formatVersion, newer, parseVersion } from "../version";
import { Problem } from "./problem";

/** An If-Match or If-None-Match header: any version, or one of these. */
export type Condition = "*" | readonly { text: string; isWeak: boolean }[];

const TAG = /\s*(W\/)?"([\x21\x23-\x7e]*)"\s*(?:,|$)/y;

/** @throws Problem */
export function parseCondition(name: string, value: string | undefined): Condition | undefined {
  if (value === undefined || value.trim() === "*") return value === undefined ? undefined : "*";
  const tags: { text: string; isWeak: boolean }[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < value.length || tags.length === 0) {
    const found = TAG.exec(value);
    if (found === null)
      throw new Problem(400, "invalid-condition", `${name}: must be * or versions in double quotes with commas between, as in "7.a-1"`);
    tags.push({ text: found[2] ?? "", isWeak: found[1] !== undefined });
  }
  return tags;
}

/** If-Match compares strongly: a weak tag matches nothing. @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1 */
export const matches = (condition: Condition, current: Snapshot | undefined): boolean =>
  current !== undefined && (condition === "*" || condition.some(({ text, isWeak }) => !isWeak && text === formatVersion(current.version)));

/** If-None-Match compares weakly. */
export const matchesWeakly = (condition: Condition, current: Snapshot | undefined): boolean =>
  current !== undefined && (condition === "*" || condition.some(({ text }) => text === formatVersion(current.version)));

/** The newest version that a condition names: whoever sent it has seen that one. */
export const newestOf = (condition: Condition | undefined): Version | undefined =>
  condition === undefined || condition === "*"
    ? undefined
    : condition.map(({ text }) => parseVersion(text)).reduce<Version | undefined>((newest, version) => newer(newest, version), undefined);
