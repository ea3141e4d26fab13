import fc from "fast-check";
import { autoname } from "../../../lab/provider/autoname";

const none = new Uint8Array();
const rule = { property: "name", maxLength: 32 };

test("a name is the resource's name, a dash and seven hex digits", () => {
  expect(autoname("web", rule, none)).toMatch(/^web-[0-9a-f]{7}$/);
});

test("the same seed gives the same name, so that an update makes what its preview said", () => {
  const seed = Uint8Array.from([1, 2, 3]);
  expect(autoname("web", rule, seed)).toBe(autoname("web", rule, seed));
});

test("a name keeps within the type's limit, or is refused with what it would have been", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60, unit: "grapheme-ascii" }), fc.integer({ min: 9, max: 64 }), (name, maxLength) => {
      const make = () => autoname(name, { property: "name", maxLength }, none);
      if (name.length + 8 <= maxLength) expect(make()).toHaveLength(name.length + 8);
      else expect(make).toThrow(`'${name}-' plus 7 random chars is longer than maximum length ${maxLength}`);
    }),
  );
});

test("a type's own form comes before the limit", () => {
  expect(autoname("Key", { property: "name", maxLength: 256, form: (name) => `alias/${name.toLowerCase()}` }, none)).toMatch(
    /^alias\/key-[0-9a-f]{7}$/,
  );
});
