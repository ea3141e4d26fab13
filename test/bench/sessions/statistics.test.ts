import fc from "fast-check";
import { percentile, spread } from "../../../bench/sessions/statistics";

test.each([
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
  [[7], 0.5, 7],
  [[1, 2, 3, 4], 0, 1],
])("of %j the share %d is reached at %d", (sorted, share, value) => {
  expect(percentile(sorted, share)).toBe(value);
});

test("fails when there are no values", () => {
  expect(() => percentile([], 0.5)).toThrow("no values");
});

test.each([
  [[3, 1, 2], { median: 2, min: 1, max: 3 }],
  [[4, 1, 2, 3], { median: 2.5, min: 1, max: 4 }],
])("the spread of %j is exact", (values, expected) => {
  expect(spread(values)).toEqual(expected);
});

test("the order of rounds makes no difference", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
      expect(spread(values.toReversed())).toEqual(spread(values));
    }),
  );
});
