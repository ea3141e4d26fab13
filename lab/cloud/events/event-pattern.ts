/** The lab's part of the pattern language. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
type Value = string | number | boolean | null;

type Matcher = (value: Value | undefined) => boolean;

export class InvalidPattern extends Error {}

const isValue = (given: unknown): given is Value => given === null || ["string", "number", "boolean"].includes(typeof given);

const isObject = (given: unknown): given is Record<string, unknown> => typeof given === "object" && given !== null && !Array.isArray(given);

/** @throws InvalidPattern with the place that is none, or that the lab does not know. */
export function parsePattern(text: string): (event: object) => boolean {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new InvalidPattern(`must be JSON: ${(error as Error).message}`);
  }
  return fields("", pattern);
}

function fields(path: string, pattern: unknown): (event: unknown) => boolean {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) throw new InvalidPattern(`${path || "the pattern"} must be an object with fields`);
  const tests = Object.entries(pattern).map(([key, inner]) => {
    const place = path === "" ? key : `${path}.${key}`;
    if (key === "$or") return either(place, inner);
    if (!Array.isArray(inner)) {
      const nested = fields(place, inner);
      return (event: unknown) => nested(isObject(event) ? event[key] : undefined);
    }
    if (inner.length === 0) throw new InvalidPattern(`${place} must have a value`);
    const matchers = inner.map((one) => matcher(place, one));
    // A list in the event matches by any of its values.
    return (event: unknown) => valuesAt(event, key).some((value) => matchers.some((matches) => matches(value)));
  });
  return (event) => tests.every((test) => test(event));
}

function either(place: string, alternatives: unknown): (event: unknown) => boolean {
  if (!Array.isArray(alternatives) || alternatives.length < 2) throw new InvalidPattern(`${place} must be a list of at least two`);
  const tests = alternatives.map((one) => fields(place, one));
  return (event) => tests.some((test) => test(event));
}

/** Undefined stands for a field that is not there. An object is no value, but it is there. */
function valuesAt(event: unknown, key: string): (Value | undefined)[] {
  const found = isObject(event) ? event[key] : undefined;
  const all = Array.isArray(found) ? found : [found];
  const values = all.filter((one): one is Value | undefined => one === undefined || isValue(one));
  return values.length > 0 ? values : [undefined];
}

function matcher(place: string, wanted: unknown): Matcher {
  if (isValue(wanted)) return (value) => value === wanted;
  const [name = "", ...more] = isObject(wanted) ? Object.keys(wanted) : [];
  const operand = isObject(wanted) ? wanted[name] : undefined;
  if (more.length > 0) throw new InvalidPattern(`${place} must have one comparison in each of its objects`);
  switch (name) {
    case "prefix":
    case "suffix":
    case "equals-ignore-case":
      return textMatcher(place, name, operand);
    case "exists":
      if (typeof operand !== "boolean") throw new InvalidPattern(`${place}.exists must be true or false`);
      return (value) => (value !== undefined) === operand;
    case "anything-but":
      return anythingBut(`${place}.anything-but`, operand);
    case "numeric":
      return numeric(`${place}.numeric`, operand);
    default:
      throw new InvalidPattern(`${place}: the lab has no comparison ${name || JSON.stringify(wanted)}`);
  }
}

function textMatcher(place: string, name: "prefix" | "suffix" | "equals-ignore-case", operand: unknown): Matcher {
  if (typeof operand !== "string") throw new InvalidPattern(`${place}.${name} must be text`);
  const compare = {
    prefix: (text: string) => text.startsWith(operand),
    suffix: (text: string) => text.endsWith(operand),
    "equals-ignore-case": (text: string) => text.toLowerCase() === operand.toLowerCase(),
  }[name];
  return (value) => typeof value === "string" && compare(value);
}

/** It must be there to be something else. */
function anythingBut(place: string, operand: unknown): Matcher {
  const excluded = (Array.isArray(operand) ? operand : [operand]).map((one) => matcher(place, one));
  return (value) => value !== undefined && !excluded.some((matches) => matches(value));
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  "=": (left, right) => left === right,
  ">=": (left, right) => left >= right,
  ">": (left, right) => left > right,
};

/** `[">", 0, "<=", 5]` */
function numeric(place: string, operand: unknown): Matcher {
  const words: unknown[] = Array.isArray(operand) ? operand : [];
  const tests = Array.from({ length: words.length / 2 }, (_, index) => {
    const [name, limit] = [words[index * 2], words[index * 2 + 1]];
    const compare = typeof name === "string" ? COMPARISONS[name] : undefined;
    if (!compare || typeof limit !== "number") throw new InvalidPattern(`${place} must be comparisons and numbers in turn`);
    return (value: number) => compare(value, limit);
  });
  if (tests.length === 0 || words.length % 2 !== 0) throw new InvalidPattern(`${place} must be comparisons and numbers in turn`);
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}
