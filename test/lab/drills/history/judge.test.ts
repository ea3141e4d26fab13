import { judge } from "../../../../lab/drills/history/judge";
import type { Operation } from "../../../../lab/drills/history/operation";
import { violationLine } from "../../../../lab/drills/history/words";
import { operation } from "./histories";

const write = (value: Operation["value"], times: [number, number | null], rest?: Partial<Operation>) => operation("write", value, times, rest);
const read = (value: Operation["value"], times: [number, number | null], rest?: Partial<Operation>) => operation("read", value, times, rest);
const add = (value: number, times: [number, number | null], rest?: Partial<Operation>) => operation("add", value, times, rest);
const kinds = (history: Operation[], stalenessMs = 0) => judge(history, { stalenessMs }).map(({ kind }) => kind);
const other = { client: "d" };

describe("a register", () => {
  test.each<[string, Operation[], string[]]>([
    ["is empty before its first write", [read(null, [0, 1]), write("a", [2, 3]), read("a", [4, 5])], []],
    ["may show the old or the new value while it is written", [write("a", [0, 9]), read(null, [1, 2], other), read("a", [3, 4], other)], []],
    ["may show a write that was never answered", [write("a", [0, 1]), write("b", [2, null]), read("b", [8, 9])], []],
    ["may never show a write that was never answered", [write("a", [0, 1]), write("b", [2, null]), read("a", [8, 9])], []],
    ["may show an unanswered write after a later one", [write("b", [0, null]), write("a", [2, 3]), read("a", [4, 5]), read("b", [6, 7])], []],
    ["does not show what was refused", [write("a", [0, 1], { outcome: "refused" }), read("a", [2, 3])], ["refused-write-seen"]],
    ["does not show what nobody wrote", [write("a", [0, 1]), read("b", [2, 3])], ["never-written"]],
    ["does not show what nobody has begun to write", [read("a", [0, 1], other), write("a", [2, 3])], ["never-written"]],
    ["does not lose a write", [write("a", [0, 1]), write("b", [2, 3]), read("a", [4, 5]), read("a", [6, 7])], ["lost-write"]],
    ["does not lose its only write", [write("a", [0, 1]), read(null, [2, 3], other)], ["lost-write"]],
    [
      "shows a client its own write",
      [write("a", [0, 1], other), write("b", [2, 3]), read("a", [4, 5]), read("b", [6, 7], other)],
      ["own-write-missed"],
    ],
    [
      "does not go back for a client",
      [write("a", [0, 1]), write("b", [2, 3]), read("b", [4, 5], other), read("a", [6, 7], other), read("b", [8, 9], other)],
      ["went-back"],
    ],
    ["does not show a replaced value", [write("a", [0, 1]), write("b", [2, 3]), read("a", [4, 5], other), read("b", [6, 7])], ["stale-read"]],
    [
      "does not take an unanswered write back that was seen",
      [write("a", [0, 1]), write("b", [2, null]), read("b", [4, 5], other), read("a", [6, 7])],
      ["stale-read"],
    ],
    ["judges no read that failed", [write("a", [0, 1]), read(null, [2, 3], { outcome: "refused" }), read(null, [2, null])], []],
  ])("%s", (_, history, violations) => expect(kinds(history)).toEqual(violations));

  test("tells each stale read and the write that it missed", () => {
    const missed = write("b", [2, 3]);
    const stale = [read("a", [4, 5], other), read("a", [6, 7], other)];
    const violations = judge([write("a", [0, 1]), missed, ...stale, read("b", [8, 9])]);
    expect(violations).toEqual(stale.map((one) => ({ kind: "stale-read", session: "s", key: "k", operations: [missed, one] })));
  });

  test("refuses a history in which two writes cannot be told apart", () => {
    expect(() => judge([write("a", [0, 1]), write("a", [2, 3])])).toThrow('history: values of s/k must all be different and not null, got "a" twice');
  });
});

describe("a counter", () => {
  test.each<[string, Operation[], string[]]>([
    ["has what was added", [read(0, [0, 1]), add(1, [2, 3], { result: 1 }), add(2, [4, 5], { result: 3 }), read(3, [6, 7])], []],
    ["may or may not have what was never answered", [add(1, [0, null]), read(0, [2, 3]), read(1, [4, 5]), add(1, [6, 7], { result: 2 })], []],
    ["never has what was refused", [add(1, [0, 1], { outcome: "refused" }), read(1, [2, 3])], ["never-written"]],
    ["never has more than was added", [add(1, [0, 1], { result: 1 }), read(2, [2, 3])], ["never-written"]],
    ["does not have one amount twice", [add(1, [0, null]), add(1, [2, 3], { result: 2 }), read(3, [4, 5])], ["never-written"]],
    ["loses an amount once", [add(1, [0, 1]), add(1, [2, 3]), read(1, [4, 5]), read(1, [6, 7]), add(1, [8, 9], { result: 2 })], ["lost-write"]],
    ["loses several amounts", [add(1, [0, 1]), add(1, [2, 3]), read(0, [4, 5])], ["lost-write", "lost-write"]],
    ["shows a client what it added", [add(1, [0, 1]), read(0, [2, 3]), read(1, [4, 5])], ["own-write-missed"]],
    ["does not go back", [add(1, [0, null]), read(1, [1, 2], other), read(0, [4, 5]), read(1, [6, 7])], ["stale-read"]],
    ["gives no number twice", [add(1, [0, 9], { result: 1 }), add(1, [0, 9], { ...other, result: 1 })], ["lost-write"]],
  ])("%s", (_, history, violations) => expect(kinds(history)).toEqual(violations));

  test("is not written as well", () => {
    expect(() => judge([add(1, [0, 1]), write("a", [2, 3])])).toThrow("history: s/k must be written or added to, not both");
  });
});

describe("with a lease of 300 ms", () => {
  test.each<[string, Operation[], string[]]>([
    ["others see a write that much later", [write("a", [0, 1]), read(null, [300, 301], other), read("a", [400, 401], other)], []],
    ["but not later than that", [write("a", [0, 1]), read(null, [302, 303], other), read("a", [400, 401], other)], ["stale-read"]],
    ["the writer sees it at once", [write("a", [0, 1]), read(null, [2, 3]), read("a", [400, 401])], ["own-write-missed"]],
    ["nobody goes back", [write("a", [0, 1]), read("a", [2, 3], other), read(null, [4, 5], other), read("a", [400, 401], other)], ["went-back"]],
    [
      "nobody goes back to what it saw before it wrote",
      [write("b", [0, null]), read("b", [2, 3], other), write("a", [4, 5], other), read("b", [6, 7], other), read("a", [8, 9])],
      ["own-write-missed"],
    ],
    ["others see an amount that much later", [add(1, [0, 1]), read(0, [300, 301], other), read(1, [400, 401], other)], []],
    ["but an amount not later than that", [add(1, [0, 1]), read(0, [302, 303], other), read(1, [400, 401], other)], ["stale-read"]],
    ["who adds sees it at once", [add(1, [0, 1]), read(0, [2, 3]), read(1, [400, 401])], ["own-write-missed"]],
  ])("%s", (_, history, violations) => expect(kinds(history, 300)).toEqual(violations));
});

test("sessions and keys are judged apart", () => {
  const history = [write("a", [0, 1]), read(null, [2, 3], { key: "l" }), read(null, [2, 3], { session: "t" })];
  expect(judge(history)).toEqual([]);
});

test("a violation is one line", () => {
  const [violation] = judge([write("a", [100, 101.5]), read(null, [102, 103], { ...other, version: "0.n-1" })]);
  if (!violation) throw new Error("no violation");
  expect(violationLine(violation, 100)).toBe(
    's/k: an acknowledged write was lost: c wrote "a" [0.0-1.5 ok], then d saw null of version 0.n-1 [2.0-3.0 ok]',
  );
});
