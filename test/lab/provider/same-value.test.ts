import { Asset } from "../../../lab/provider/property-values";
import { isAsDeclared, isSame } from "../../../lab/provider/same-value";

test.each([
  ["assets of one content at two places", new Asset("aa", { path: "a" }), new Asset("aa", { text: "b" }), false, true],
  ["assets of different content", new Asset("aa", { path: "a" }), new Asset("bb", { path: "a" }), false, false],
  ["JSON in another order and layout", '{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }', false, true],
  ["JSON of another meaning", '{"a":1}', '{"a":2}', false, false],
  ["text that only looks like JSON", "{a", "{b", false, false],
  ["a set in another order", ["a", "b"], ["b", "a"], true, true],
  ["a list in another order", ["a", "b"], ["b", "a"], false, false],
  ["a set that lost one of two equal items", ["a", "a"], ["a"], true, false],
])("%s", (_, left, right, unordered, same) => {
  expect(isSame(left, right, unordered)).toBe(same);
});

test.each([
  ["AWS may say more than was asked for", { path: "/" }, { path: "/", interval: 30 }, false, true],
  ["AWS may not say something else", { path: "/" }, { path: "/x", interval: 30 }, false, false],
  ["nothing asked for is as declared", undefined, "x", false, true],
  ["a list must have all items and no more", [{ a: 1 }], [{ a: 1 }, { a: 2 }], false, false],
  ["a set may come in another order", [{ a: 1 }, { a: 2 }], [{ a: 2, b: 0 }, { a: 1 }], true, true],
])("%s", (_, declared, live, unordered, same) => {
  expect(isAsDeclared(declared, live, unordered)).toBe(same);
});
