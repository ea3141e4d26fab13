import fc from "fast-check";
import { Archive, Asset, decode, encode, isUnknown, type Properties, Unknown } from "../../../lab/provider/property-values";

const asset = fc.oneof(fc.record({ text: fc.string() }), fc.record({ path: fc.string({ minLength: 1 }) }), fc.record({ uri: fc.webUrl() }));
const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.boolean(),
  fc.constant(Unknown.value),
  asset.map((from) => new Asset("ab".repeat(32), from)),
);
const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(key, tie("node"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;
const properties = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true }) as fc.Arbitrary<Properties>;

test("what is encoded decodes to the same values", () => {
  fc.assert(fc.property(properties, (all) => expect(decode(encode(all)).properties).toEqual(all)));
});

test("secrets stay secrets, and their values stay what they are", () => {
  fc.assert(
    fc.property(properties, fc.func(fc.boolean()), (all, choose) => {
      const secrets = new Set(Object.keys(all).filter((name) => choose(name)));
      expect(decode(encode(all, secrets))).toEqual({ properties: all, secrets });
    }),
  );
});

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const wire = (one: object): ReturnType<typeof decode> => decode(encode({ one }));

test.each([
  ["a secret deep inside makes its property secret", { a: [{ [SIGNATURE]: SECRET, value: "x" }] }, { a: ["x"] }, true],
  ["an output with a value is its value", { [SIGNATURE]: OUTPUT, value: 7, dependencies: ["urn:a"] }, 7, false],
  ["a secret output is a secret", { [SIGNATURE]: OUTPUT, value: 7, secret: true }, 7, true],
  ["an output without a value is unknown", { [SIGNATURE]: OUTPUT }, Unknown.value, false],
  ["a resource reference is its id", { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:a", id: "vpc-1" }, "vpc-1", false],
])("%s", (_, sent, read, secret) => {
  const { properties: found, secrets } = wire(sent);
  expect(found.one).toEqual(read);
  expect(secrets.has("one")).toBe(secret);
});

test("an archive is carried as it came", () => {
  const archive = { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", hash: "00", path: "a.zip" };
  const found = wire(archive).properties.one;
  expect(found).toBeInstanceOf(Archive);
  expect(encode({ one: found }).toJavaScript()).toEqual({ one: archive });
});

test("absent and null properties are left out", () => {
  expect(encode({ a: undefined, b: { c: undefined, d: 1 } }).toJavaScript()).toEqual({ b: { d: 1 } });
  expect(decode(encode({ a: null })).properties).toEqual({});
});

test("unknown is found at any depth", () => {
  expect(isUnknown({ a: [{ b: Unknown.value }] })).toBe(true);
  expect(isUnknown({ a: [{ b: "04da" }], c: null })).toBe(false);
});
