import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, PutResourcePolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import * as sdk from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand, type CreateScheduleCommandInput, DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { Endpoint } from "../../../../lab/cloud/endpoint/endpoint";
import { delivery } from "../../../../lab/cloud/events/delivery";
import { eventAnswers } from "../../../../lab/cloud/events/event-answers";
import { EventBus } from "../../../../lab/cloud/events/event-bus";
import { Rules } from "../../../../lab/cloud/events/rules";
import { targetPermissions } from "../../../../lab/cloud/events/target-permissions";
import { Schedules } from "../../../../lab/cloud/schedules/schedules";
import { until } from "../lambda/lambda-under-test";
import { Moto } from "../../provider/moto";

jest.setTimeout(30_000);

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:sentinel";

let moto: Moto;
let door: Server;
let folder: string;
let bus: EventBus;
let schedules: Schedules;
let client: sdk.EventBridgeClient;
let scheduler: SchedulerClient;
let sns: SNSClient;
let logs: CloudWatchLogsClient;
let got: string[];
let failures: string[];
let roleMay: boolean;

beforeAll(async () => {
  moto = await Moto.start();
  const direct = { region: "us-east-1", endpoint: moto.url };
  [sns, logs] = [new SNSClient(direct), new CloudWatchLogsClient(direct)];
  folder = mkdtempSync(join(tmpdir(), "nplus1-events-"));
  const onFailure = (error: unknown) => void failures.push((error as Error).message);
  const rules = new Rules(new sdk.EventBridgeClient(direct));
  const deliver = delivery({
    lambda: {
      invokeFor: (service, source, arn, payload) =>
        void got.push(`${service} ${source.split(":").at(-1)} ${arn.split(":").at(-1)} ${payload.toString()}`),
      invokeWithRole: (arn, payload) => void got.push(`role ${arn.split(":").at(-1)} ${payload.toString()}`),
    },
    publish: async (topic, message) => void got.push(`publish ${topic.split(":").at(-1)} ${message}`),
    putLog: (group, _, line) => void got.push(`log ${group} ${line}`),
    putEvent: (name, event) => void bus.put(event, name),
    permissions: targetPermissions(sns, logs),
  });
  bus = new EventBus({ rules, deliver, file: join(folder, "events.jsonl"), onFailure });
  const roles = { trusts: async () => true, may: async () => roleMay };
  schedules = new Schedules({ client: new SchedulerClient(direct), rules, bus, deliver, roles, onFailure });
  const endpoint = new Endpoint({
    moto: { host: "127.0.0.1", port: Number(new URL(moto.url).port) },
    answers: {},
    services: { events: eventAnswers(bus), scheduler: schedules.answer },
    before: async () => undefined,
    rewrite: () => ({}),
    s3: () => undefined,
    passed: ({ service, action }) => {
      if (action === "PutEvents") return;
      if (service === "events") rules.changed();
      schedules.changed().catch(onFailure);
    },
    own: () => undefined,
  });
  door = createServer(endpoint.forMachine).listen(0, "127.0.0.1");
  await once(door, "listening");
  const settings = { region: "us-east-1", endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, maxAttempts: 1 };
  [client, scheduler] = [new sdk.EventBridgeClient(settings), new SchedulerClient(settings)];
}, 60_000);

afterAll(async () => {
  schedules.stop();
  for (const one of [client, scheduler, sns, logs]) one.destroy();
  door.closeAllConnections();
  door.close();
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  got = [];
  failures = [];
  roleMay = true;
});

const rule = async (Name: string, pattern: object, targets: sdk.Target[]): Promise<void> => {
  await client.send(new sdk.PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
  await client.send(new sdk.PutTargetsCommand({ Rule: Name, Targets: targets }));
};

const put = (...Entries: Partial<sdk.PutEventsRequestEntry>[]) =>
  client.send(
    new sdk.PutEventsCommand({ Entries: Entries.map((one) => ({ Source: "nplus1.health", DetailType: "Node Quarantined", Detail: "{}", ...one })) }),
  );

test("an event reaches the targets of the rules that match, and no other", async () => {
  await rule("quarantine", { "detail-type": ["Node Quarantined"], detail: { node: [{ prefix: "i-" }] } }, [
    { Id: "sentinel", Arn: FUNCTION, InputPath: "$.detail" },
  ]);
  await rule("other", { source: ["aws.ec2"] }, [{ Id: "sentinel", Arn: FUNCTION }]);
  const answer = await put({ Detail: '{"node":"i-1"}', Resources: ["arn:x"] }, { Detail: '{"node":"x-1"}' });
  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) }, {}] });
  await until("the event to be delivered", () => got.length === 1);
  expect(got).toEqual(['events.amazonaws.com rule/quarantine sentinel {"node":"i-1"}']);
  const [last] = bus.last().slice(-2);
  expect(last).toMatchObject({ id: answer.Entries?.[0]?.EventId, source: "nplus1.health", resources: ["arn:x"], detail: { node: "i-1" } });
  expect(
    readFileSync(join(folder, "events.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(bus.last());
});

test("what services say of themselves is matched too", async () => {
  bus.emit({ source: "aws.ec2", detailType: "EC2 Instance State-change Notification", detail: { "instance-id": "i-1", state: "stopped" } });
  await until("the event to be delivered", () => got.length === 1);
  expect(got[0]).toContain("rule/other");
});

test("a disabled rule is silent, and a changed one is another", async () => {
  await client.send(new sdk.DisableRuleCommand({ Name: "quarantine" }));
  await rule("repair", { "detail-type": ["Node Repaired"] }, [{ Id: "sentinel", Arn: FUNCTION, Input: '"one"' }]);
  await put({ Detail: '{"node":"i-1"}' }, { DetailType: "Node Repaired" });
  await until("the event to be delivered", () => got.length === 1);
  await rule("repair", { "detail-type": ["Node Returned"] }, [{ Id: "sentinel", Arn: FUNCTION, Input: '"two"' }]);
  await put({ DetailType: "Node Repaired" }, { DetailType: "Node Returned" });
  await until("the other event to be delivered", () => got.length === 2);
  expect(got.map((line) => line.slice(-5))).toEqual(['"one"', '"two"']);
});

test("a topic and a log group get events once they let EventBridge", async () => {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "alarms" }));
  await rule("alarm", { "detail-type": ["Alarm"] }, [
    { Id: "topic", Arn: TopicArn, Input: '"topic"' },
    { Id: "log", Arn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/alarms", Input: '"log"' },
  ]);
  await put({ DetailType: "Alarm" });
  await until("the deliveries to fail", () => failures.length === 2);
  expect(failures.map((line) => line.replace(/event [0-9a-f-]+/, "event x")).sort()).toEqual([
    expect.stringMatching(/^rule alarm, target log: event x is lost: .* must let events\.amazonaws\.com write/),
    expect.stringMatching(/^rule alarm, target topic: event x is lost: .* must let events\.amazonaws\.com publish/),
  ]);
  const policy = (Action: string) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource: "*" }] });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: policy("sns:Publish") }));
  await logs.send(new PutResourcePolicyCommand({ policyName: "events", policyDocument: policy("logs:PutLogEvents") }));
  await put({ DetailType: "Alarm" });
  await until("both to be delivered", () => got.length === 2);
  expect(got.sort()).toEqual(['log /aws/events/alarms "log"', 'publish alarms "topic"']);
});

test.each<[string, Partial<sdk.PutEventsRequestEntry>, string]>([
  ["no JSON", { Detail: "{" }, "MalformedDetail"],
  ["JSON that is no object", { Detail: "[1]" }, "MalformedDetail"],
  ["no type", { DetailType: "" }, "InvalidArgument"],
  ["AWS's own source", { Source: "aws.ec2" }, "NotAuthorizedForSourceException"],
])("fails when an entry has %s, and takes the others", async (_, entry, code) => {
  expect(await put(entry, { Detail: '{"fine":true}' })).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: code }, { EventId: expect.any(String) }],
  });
});

test("fails when a rule's pattern or schedule is none that the lab has", async () => {
  const refused = (rest: object) => client.send(new sdk.PutRuleCommand({ Name: "bad", ...rest }));
  await expect(refused({ EventPattern: '{"a":[{"wildcard":"*"}]}' })).rejects.toMatchObject({ name: "InvalidEventPatternException" });
  await expect(refused({ ScheduleExpression: "rate(2 minute)" })).rejects.toMatchObject({ name: "ValidationException" });
  const tested = await client.send(new sdk.TestEventPatternCommand({ EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' }));
  expect(tested.Result).toBe(true);
});

const schedule = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: "tick",
  ScheduleExpression: "rate(1 minute)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: FUNCTION, RoleArn: "arn:aws:iam::123456789012:role/scheduler", Input: '{"at":"<aws.scheduler.schedule-arn>"}' },
  ...more,
});

test("a rate schedule begins at once, with its role's right and its input", async () => {
  await scheduler.send(new CreateScheduleCommand(schedule()));
  await until("the first invocation", () => got.length === 1);
  expect(got).toEqual(['role sentinel {"at":"arn:aws:scheduler:us-east-1:123456789012:schedule/default/tick"}']);
  await scheduler.send(new DeleteScheduleCommand({ Name: "tick" }));
});

test.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  ["another rate", { ScheduleExpression: "rate(30 seconds)" }, "Invalid Schedule Expression"],
  ["a window", { FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 } }, "FlexibleTimeWindow.Mode"],
  ["another clock", { ScheduleExpressionTimezone: "Europe/Berlin" }, "ScheduleExpressionTimezone"],
  ["another target", { Target: { Arn: "arn:aws:sqs:us-east-1:123456789012:q", RoleArn: "arn:aws:iam::123456789012:role/s" } }, "Target.Arn"],
])("fails when a schedule has %s", async (_, more, message) => {
  await expect(scheduler.send(new CreateScheduleCommand(schedule(more)))).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(message),
  });
});

test("fails when a schedule's role may not invoke the target", async () => {
  roleMay = false;
  await expect(scheduler.send(new CreateScheduleCommand(schedule()))).rejects.toThrow("must let lambda:InvokeFunction");
});
