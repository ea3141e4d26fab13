import fc from "fast-check";
import { password } from "../../../../lab/provider/random/password";

const count = (text: string, kind: RegExp): number => [...text].filter((one) => kind.test(one)).length;

test("a password has its length, its minimums and no other characters", () => {
  const minimum = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 64 }),
      minimum,
      minimum,
      minimum,
      fc.infiniteStream(fc.nat()),
      (length, minLower, minUpper, minNumeric, stream) => {
        const pick = (below: number): number => Number(stream.next().value) % below;
        const rules = { length, lower: true, upper: true, numeric: true, special: false, minLower, minUpper, minNumeric, minSpecial: 0 };
        const made = password(rules, pick);
        expect(made).toMatch(/^[a-zA-Z0-9]*$/);
        expect(made).toHaveLength(length);
        expect(count(made, /[a-z]/)).toBeGreaterThanOrEqual(minLower);
        expect(count(made, /[A-Z]/)).toBeGreaterThanOrEqual(minUpper);
        expect(count(made, /\d/)).toBeGreaterThanOrEqual(minNumeric);
      },
    ),
  );
});

test("special characters are the given ones", () => {
  const rules = { length: 20, lower: false, upper: false, numeric: false, special: true, minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 };
  expect(password({ ...rules, overrideSpecial: "#" }, () => 0)).toBe("#".repeat(20));
});
