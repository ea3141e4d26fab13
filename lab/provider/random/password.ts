const LOWER = "abcdefghijklmnopqrstuvwxyz";
const SETS = { lower: LOWER, upper: LOWER.toUpperCase(), numeric: "0123456789", special: "!@#$%&*()-_=+[]{}<>:?" };

export interface PasswordRules {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  /** Instead of the usual special characters. */
  overrideSpecial?: string | undefined;
}

/** `pick(n)` is a random number from 0 to n - 1. */
export function password(rules: PasswordRules, pick: (below: number) => number): string {
  const special = rules.overrideSpecial || SETS.special;
  const kinds = [
    { set: SETS.lower, wanted: rules.lower, least: rules.minLower },
    { set: SETS.upper, wanted: rules.upper, least: rules.minUpper },
    { set: SETS.numeric, wanted: rules.numeric, least: rules.minNumeric },
    { set: special, wanted: rules.special, least: rules.minSpecial },
  ];
  const all = kinds
    .filter((kind) => kind.wanted)
    .map((kind) => kind.set)
    .join("");
  const from = (set: string): string => set.charAt(pick(set.length));
  const chosen = kinds.flatMap(({ set, least }) => Array.from({ length: least }, () => from(set)));
  while (chosen.length < rules.length) chosen.push(from(all));
  return shuffled(chosen, pick).join("");
}

/** Fisher and Yates. */
function shuffled(items: readonly string[], pick: (below: number) => number): string[] {
  const mixed = [...items];
  for (let index = mixed.length - 1; index > 0; index--) {
    const other = pick(index + 1);
    [mixed[index], mixed[other]] = [mixed[other] ?? "", mixed[index] ?? ""];
  }
  return mixed;
}
