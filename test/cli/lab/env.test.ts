import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { asExports } from "../../../cli/lab/env";

test("exports give a shell exactly the values, whatever is in them", () => {
  const values = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => !value.includes("\0") && !value.endsWith("\n"));
  fc.assert(
    fc.property(values, (value) => {
      const script = `${asExports({ NPLUS1_TRIED: value })}\nprintf %s "$NPLUS1_TRIED"`;
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(value);
    }),
    { numRuns: 50 },
  );
});
