import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { awsResources } from "../../../../lab/provider/aws/catalogue";
import { dataSources } from "../../../../lab/provider/aws/data-sources";
import { randomId } from "../../../../lab/provider/random/random-id.provider";
import { randomPassword } from "../../../../lab/provider/random/random-password.provider";

/** The source of the SDK's class for a type token, which names every input and output. */
function sdkClass(type: string): string {
  const [sdk = "", path = "", className = ""] = type.split(":");
  const file = path.startsWith("index/") ? path.slice("index/".length) : path;
  const text = readFileSync(join(dirname(require.resolve(`@pulumi/${sdk}/package.json`)), `${file}.js`), "utf8");
  expect(text).toContain(`class ${className} `);
  return text;
}

const all = [...awsResources, randomId, randomPassword];

test("no type is there twice", () => {
  expect(new Set(all.map(({ type }) => type)).size).toBe(all.length);
});

test.each(all.map((one) => [one.type, one] as const))("%s has the SDK's token, inputs and outputs", (_, one) => {
  const text = sdkClass(one.type);
  expect(text).toContain(`__pulumiType = '${one.type}'`);
  const inputs = Object.keys(one.onChange).filter((key) => !text.includes(`args?.${key}`));
  const outputs = Object.keys(one.computed).filter((key) => !text.includes(`resourceInputs["${key}"]`));
  expect({ inputs, outputs }).toEqual({ inputs: [], outputs: [] });
  expect(text.includes("args?.region")).toBe(one.regional);
});

test.each(dataSources.map(({ token }) => token))("%s has the SDK's token", (token) => {
  const file = (token.split(":")[1] ?? "").replace("index/", "");
  expect(readFileSync(join(dirname(require.resolve("@pulumi/aws/package.json")), `${file}.js`), "utf8")).toContain(`"${token}"`);
});
