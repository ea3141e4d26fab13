import * as fc from "fast-check";
import type { Version } from "../../../../node/sessions/model";
import { descends, formatVersion, includes, newer, parseVersion, writeOf } from "../../../../node/sessions/version";

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;

const known = (n: number, write: string, writers: Record<string, number>, born = NOW - 1000) => ({
  version: { n, write },
  writers: new Map(Object.entries(writers)),
  born,
});

test("what is printed of a version is parsed as the same version", () => {
  const version = fc.record({ n: fc.integer({ min: 1, max: 999_999_999_999_999 }), write: fc.stringMatching(/^[\w-]{8}-[1-9]\d{0,8}$/) });
  fc.assert(fc.property(version, (one) => expect(parseVersion(formatVersion(one))).toEqual(one)));
});

test.each(["", "1", "1.", ".a-1", "0.a-1", "01.a-1", "-1.a-1", "1.a b-1", "1e3.a-1", "1.a-1\n", "1234567890123456.a-1", `1.${"a".repeat(65)}`])(
  "%j is no version",
  (text) => expect(parseVersion(text)).toBeUndefined(),
);

test("a writer's name may have a dash of its own", () => {
  expect(writeOf({ n: 1, write: "ab-c_d-e-17" })).toEqual({ writer: "ab-c_d-e", seq: 17 });
});

test.each<[string, Version, boolean]>([
  ["itself", { n: NOW, write: "a-5" }, true],
  ["an earlier write of its own writer", { n: NOW - 10, write: "a-3" }, true],
  ["an earlier write of another one that is part of it", { n: NOW - 10, write: "b-7" }, true],
  ["a later write of that one, though its n is smaller", { n: NOW - 10, write: "b-8" }, false],
  ["a write of one that it does not know", { n: NOW - 10, write: "c-1" }, false],
  ["a newer version", { n: NOW + 1, write: "a-4" }, false],
  ["another version with the same n", { n: NOW, write: "b-7" }, false],
  ["the same write with another n: it was applied to another history", { n: NOW - 10, write: "a-5" }, false],
  ["what was seen before the session was born again", { n: NOW - 1001, write: "c-1" }, true],
])("a copy contains or lacks %s", (_, seen, isPart) => {
  expect(includes(known(NOW, "a-5", { a: 5, b: 7 }), seen)).toBe(isPart);
});

test("what is more than a day older than a copy is part of it", () => {
  const copy = known(NOW, "a-5", { a: 5 }, NOW - 3 * DAY_MS);
  expect(includes(copy, { n: NOW - DAY_MS - 1, write: "c-1" })).toBe(true);
  expect(includes(copy, { n: NOW - DAY_MS + 1, write: "c-1" })).toBe(false);
});

test("one copy descends from another when it has all its writers' writes", () => {
  const copy = known(NOW, "a-5", { a: 5, b: 7 });
  expect(descends(copy, known(NOW - 5, "b-6", { a: 5, b: 6 }))).toBe(true);
  expect(descends(copy, known(NOW - 5, "b-6", { a: 6, b: 6 }))).toBe(false);
  expect(descends(copy, known(NOW - 5, "b-6", { b: 6, c: 1 }))).toBe(false);
  expect(descends(copy, known(NOW - 1001, "c-1", { c: 1 }, NOW - 2000))).toBe(true);
});

test("the newer of two versions has the greater n", () => {
  const [a, b] = [
    { n: 1, write: "a-1" },
    { n: 2, write: "b-1" },
  ];
  expect(newer(a, b)).toBe(b);
  expect(newer(b, a)).toBe(b);
  expect(newer(undefined, a)).toBe(a);
  expect(newer(a, undefined)).toBe(a);
});
