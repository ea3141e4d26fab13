import fc from "fast-check";
import { awsResources } from "../../../lab/provider/aws/catalogue";
import { diff } from "../../../lab/provider/diff";
import { Unknown } from "../../../lab/provider/property-values";
import { onChange, type Resource } from "../../../lab/provider/resource";

const typed = (suffix: string): Resource => awsResources.find(({ type }) => type.endsWith(`:${suffix}`)) as Resource;

const resource = fc.constantFrom(...awsResources);
const inputsOf = (one: Resource) =>
  fc.record(Object.fromEntries(Object.keys(one.onChange).map((key) => [key, fc.jsonValue({ maxDepth: 2 })])), { requiredKeys: [] });

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(
      resource.chain((one) => fc.tuple(fc.constant(one), inputsOf(one))),
      ([one, inputs]) => {
        const copy = () => JSON.parse(JSON.stringify(inputs)) as typeof inputs;
        const found = diff(one, copy(), copy());
        expect(found).toEqual({ changed: [], replaces: [], detailed: new Map(), deleteBeforeReplace: false });
      },
    ),
  );
});

test.each(awsResources.map((one) => [one.type, one] as const))("every property of %s shows its change", (_, one) => {
  for (const key of Object.keys(one.onChange)) {
    const found = diff(one, { [key]: "before" }, { [key]: "after" });
    expect(found.changed).toEqual([key]);
    expect(found.replaces).toEqual(onChange(one, key) === "replace" ? [key] : []);
    expect(found.detailed.get(key)).toEqual({ kind: "update", replaces: onChange(one, key) === "replace" });
    expect(diff(one, { [key]: "before" }, {}).detailed.get(key)?.kind).toBe("delete");
    expect(diff(one, {}, { [key]: "after" }).detailed.get(key)?.kind).toBe("add");
  }
});

test("a change deep inside is named by its path", () => {
  const actions = (arn: string) => ({ actions: [{ type: "forward", targetGroupArn: arn }] });
  expect([...diff(typed("ListenerRule"), actions("a"), actions("b")).detailed]).toEqual([
    ["actions[0].targetGroupArn", { kind: "update", replaces: false }],
  ]);
  expect([...diff(typed("Vpc"), { tags: { "a.b": "1" } }, { tags: { "a.b": "2" } }).detailed.keys()]).toEqual(['tags["a.b"]']);
});

test("default tags that change are an update of what has them", () => {
  const found = diff(typed("Vpc"), { tagsAll: { stack: "a" } }, { tagsAll: { stack: "b" } });
  expect(found).toMatchObject({ changed: ["tagsAll"], replaces: [] });
});

test("the order of a set is no change, the order of a list is one", () => {
  expect(diff(typed("LoadBalancer"), { subnets: ["a", "b"] }, { subnets: ["b", "a"] }).changed).toEqual([]);
  expect(diff(typed("Group"), { terminationPolicies: ["a", "b"] }, { terminationPolicies: ["b", "a"] }).changed).toEqual(["terminationPolicies"]);
});

test("a value that is not known yet is a change", () => {
  const found = diff(typed("Subnet"), { vpcId: "vpc-1" }, { vpcId: Unknown.value });
  expect(found.replaces).toEqual(["vpcId"]);
});

test("a replacement that keeps an explicit name deletes first, one with a name of the provider's does not", () => {
  const [olds, news] = [
    { name: "nodes", port: 1 },
    { name: "nodes", port: 2 },
  ];
  expect(diff(typed("TargetGroup"), olds, news).deleteBeforeReplace).toBe(true);
  expect(diff(typed("TargetGroup"), olds, { ...news, __defaults: ["name"] }).deleteBeforeReplace).toBe(false);
});
