import { eventSourceSchema } from "../../contract/events";
import { Events } from "../../infra/events";
import { retentionDays } from "../../infra/retention";
import { only, record, type Recorded, resource } from "./record";

let made: Recorded[];

beforeAll(async () => {
  const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "prod" };
  made = await record(() => new Events("events", { ...place, logDays: 100 }));
});

test("the stack has a bus of its own, whose events are kept for at least the days that are asked for", () => {
  expect(only(made, "aws:cloudwatch/eventBus:EventBus", "events")).toEqual({ name: "nplus1-prod" });
  expect(only(made, "aws:cloudwatch/logGroup:LogGroup", "events")).toMatchObject({ name: "/nplus1/prod/events", retentionInDays: 120 });
});

test("the rule takes the events of every part, and its target waits for leave to write", () => {
  const { eventPattern } = only(made, "aws:cloudwatch/eventRule:EventRule", "events");
  const { source } = JSON.parse(eventPattern as string) as { source: { prefix: string }[] };
  expect(eventSourceSchema.options.every((one) => one.startsWith(source[0]?.prefix ?? "?"))).toBe(true);
  const target = resource(made, "aws:cloudwatch/eventTarget:EventTarget", "events-log");
  expect(target.inputs).toMatchObject({ arn: "arn:aws:cloudwatch:us-east-1:123456789012:events" });
  expect(target.dependsOn).toContain(resource(made, "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "events").urn);
});

test.each([
  [1, 1],
  [2, 3],
  [90, 90],
  [3288, 3288],
  [3650, 3653],
])("%d days are kept as %d, which CloudWatch has", (wanted, kept) => {
  expect(retentionDays(wanted)).toBe(kept);
});
