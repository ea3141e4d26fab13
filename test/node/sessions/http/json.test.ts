import fc from "fast-check";
import { JsonFault, jsonText, parseJson, parseJsonObject } from "../../../../node/sessions/http/json";
import { survivesDouble } from "../../../../node/sessions/http/json-number";

const faultOf = (text: string): { code: string; line: number; column: number; message: string } => {
  try {
    parseJsonObject(text, 100);
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
  throw new Error("must be refused");
};

describe("a JSON text", () => {
  test("is read as JSON.parse reads it, whatever it holds", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 3), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
        expect(JSON.parse(jsonText(parseJson(spaced)))).toEqual(JSON.parse(spaced));
      }),
      { numRuns: 500 },
    );
  });

  test("keeps its numbers and strings as they are written, and loses its white space", () => {
    const text = ' { "a" : [ 1.0 , -0, 1E5, {"b" : "\\u00e9\\/ x" } ] , "" : null } ';
    expect(jsonText(parseJson(text))).toBe('{"a":[1.0,-0,1E5,{"b":"\\u00e9\\/ x"}],"":null}');
  });

  test("may have keys that mean something to JavaScript", () => {
    const text = '{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}';
    expect(jsonText(parseJsonObject(text, 100))).toBe(text);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test.each([
    ["", "malformed-json", 1, 1, "expected a value, got nothing"],
    ['{"a":1', "malformed-json", 1, 7, "expected ',' or '}', got nothing"],
    ['{"a":1,}', "malformed-json", 1, 8, 'expected a key in double quotes, got "}"'],
    ['{\n  "a": tru\n}', "malformed-json", 2, 8, 'expected a value, got "t"'],
    ["{'a':1}", "malformed-json", 1, 2, `expected a key in double quotes, got "'"`],
    ['{"a":1} x', "malformed-json", 1, 9, 'expected the end, got "x"'],
    ['{"a" 1}', "malformed-json", 1, 6, "expected ':', got \"1\""],
    ['{"a":[1 2]}', "malformed-json", 1, 9, "expected ',' or ']', got \"2\""],
    ['{"a":01}', "malformed-json", 1, 7, "expected ',' or '}', got \"1\""],
    ['{"a":.5}', "malformed-json", 1, 6, 'expected a value, got "."'],
    ['{"a":NaN}', "malformed-json", 1, 6, 'expected a value, got "N"'],
    ['{"a":"x', "malformed-json", 1, 8, "expected the end of a string, got nothing"],
    ['{"a":"x\ny"}', "malformed-json", 1, 8, "control characters in a string must be escaped"],
    ['{"a":"\\x"}', "malformed-json", 1, 7, "must have a known escape after '\\'"],
    ['{"a":"\\u12"}', "malformed-json", 1, 7, "must have a known escape after '\\'"],
    ['{"\\ud800":1}', "malformed-json", 1, 2, "a key must be Unicode text, got half of a surrogate pair"],
    ["\ufeff{}", "malformed-json", 1, 1, 'expected a value, got "\ufeff"'],
    ["[1]", "not-an-object", 1, 1, "must be an object, got an array"],
    ['"x"', "not-an-object", 1, 1, "must be an object, got a string"],
    ["null", "not-an-object", 1, 1, "must be an object, got null"],
    ["17", "not-an-object", 1, 1, "must be an object, got a number"],
    ['{"a":1,"b":{"c":1,\n"c":2}}', "duplicate-key", 2, 1, "must have each key once"],
    ['{"a":1,"\\u0061":2}', "duplicate-key", 1, 8, "must have each key once"],
    ['{"id":12345678901234567890}', "inexact-number", 1, 7, "a number must keep its value in a 64-bit float: send it as a string"],
    ['{"a":[1,1e400]}', "inexact-number", 1, 9, "a number must keep its value in a 64-bit float: send it as a string"],
    [`{"a":${"[".repeat(100)}`, "too-deep", 1, 105, "must be nested at most 100 deep"],
  ])("%j is refused with its place (%s)", (text, code, line, column, message) => {
    expect(faultOf(text)).toMatchObject({ code, line, column, message });
  });

  test("may be nested 100 deep", () => {
    const text = `{"a":${"[".repeat(99)}${"]".repeat(99)}}`;
    expect(jsonText(parseJsonObject(text, 100))).toBe(text);
  });

  test("of a million characters takes no more than linear time", () => {
    const texts = [`{"a":"${"\\n".repeat(500_000)}"}`, `{"a":[${"1,".repeat(300_000)}1]}`, `{"a":${"1".padEnd(1_000_000, "0")}1}`];
    const from = performance.now();
    for (const text of texts) {
      try {
        parseJsonObject(text, 100);
      } catch (error) {
        expect(error).toBeInstanceOf(JsonFault);
      }
    }
    expect(performance.now() - from).toBeLessThan(3000);
  });
});

describe("a number survives a double", () => {
  test.each([
    "0",
    "-0",
    "0.0",
    "1",
    "1.0",
    "1.50",
    "0.1",
    "1e22",
    "1E+22",
    "-12.5e-3",
    "9007199254740992",
    "12345678901234567000",
    "5e-324",
    "0e999999999",
  ])("when it is %s", (text) => expect(survivesDouble(text)).toBe(true));

  test.each(["9007199254740993", "12345678901234567890", "1e400", "-1e309", "1e-400", "0.1000000000000000055", "1.00000000000000000001"])(
    "but not when it is %s",
    (text) => expect(survivesDouble(text)).toBe(false),
  );

  test("when JavaScript wrote it", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => survivesDouble(JSON.stringify(value))));
  });

  test("when it is an integer that a double has, and no other than the one JavaScript shows for it", () => {
    const near = fc.tuple(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), fc.nat({ max: 200 }), fc.bigInt({ min: -2n, max: 2n }));
    fc.assert(
      fc.property(near, ([mantissa, shift, off]) => {
        const value = mantissa * 2n ** BigInt(shift) + off;
        const double = Number(value);
        expect(survivesDouble(String(value))).toBe(BigInt(double) === value || shown(double) === value);
      }),
    );
  });
});

/** The integer that JavaScript shows for a double. */
const shown = (value: number): bigint => {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length);
};
