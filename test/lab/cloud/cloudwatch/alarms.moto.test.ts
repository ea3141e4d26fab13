import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { Alarms } from "../../../../lab/cloud/cloudwatch/alarms";
import { Moto } from "../../provider/moto";

jest.setTimeout(60_000);

const MINUTE = 60_000;
/** The beginning of a minute: data of a minute counts when it is over. */
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;
const folder = mkdtempSync(join(tmpdir(), "alarms-"));
const log = join(folder, "alarms.log");
const dimensions = [{ Name: "CacheClusterId", Value: "store-001" }];

let moto: Moto;
let cloudwatch: CloudWatchClient;
let sns: SNSClient;
let topic: string;
let alarms: Alarms;

beforeAll(async () => {
  moto = await Moto.start();
  cloudwatch = new CloudWatchClient({});
  sns = new SNSClient({});
  topic = (await sns.send(new CreateTopicCommand({ Name: "alarms" }))).TopicArn ?? "";
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "email", Endpoint: "ops@example.com" }));
  alarms = new Alarms({ cloudwatch, sns }, log);
});

afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = (AlarmName: string, more: Partial<PutMetricAlarmInput> = {}) =>
  cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      AlarmDescription: "memory is short",
      Namespace: "AWS/ElastiCache",
      MetricName: AlarmName,
      Dimensions: dimensions,
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 80,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "missing",
      AlarmActions: [topic],
      OKActions: [topic],
      InsufficientDataActions: [topic],
      ...more,
    }),
  );

const data = (MetricName: string, minute: number, Value: number) =>
  cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "AWS/ElastiCache",
      MetricData: [{ MetricName, Value, Dimensions: dimensions, Timestamp: new Date(START + minute * MINUTE + 7_000) }],
    }),
  );

const look = (minute: number, evaluate = true) => alarms.look(evaluate, new Date(START + minute * MINUTE + 10_000));

const stateOf = async (name: string) => (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0]?.StateValue;

interface Line {
  alarm: string;
  from: string;
  to: string;
  reason: string;
  told: string[];
}

/** What was told of an alarm, the oldest first. */
const told = (name: string): Line[] =>
  (existsSync(log) ? readFileSync(log, "utf8") : "")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ alarm }) => alarm === name);

test("an alarm begins without data, turns when its periods breach, and turns back; who subscribed is told each time", async () => {
  await put("memory");
  await look(0);
  expect(await stateOf("memory")).toBe("INSUFFICIENT_DATA");
  expect(told("memory")).toEqual([]);

  await data("memory", 0, 90);
  await data("memory", 1, 95);
  await look(2);
  expect(await stateOf("memory")).toBe("ALARM");

  for (const minute of [2, 3]) await data("memory", minute, 10);
  await look(4);
  expect(await stateOf("memory")).toBe("OK");
  await look(4);

  expect(told("memory").map(({ from, to }) => [from, to])).toEqual([
    ["INSUFFICIENT_DATA", "ALARM"],
    ["ALARM", "OK"],
  ]);
  expect(told("memory")[0]).toMatchObject({
    reason: "GreaterThanThreshold 80: the last periods of 60 s were [no data, no data, 90, 95]",
    says: "memory is short",
    told: [topic, "email:ops@example.com"],
  });
});

test("silence after data is told", async () => {
  await put("silence");
  await data("silence", 4, 10);
  await data("silence", 5, 10);
  await look(6);
  expect(await stateOf("silence")).toBe("OK");
  await look(12);
  expect(told("silence").map(({ from, to }) => [from, to])).toEqual([
    ["INSUFFICIENT_DATA", "OK"],
    ["OK", "INSUFFICIENT_DATA"],
  ]);
});

test("a state set by hand is told at once, and the next evaluation sets it right", async () => {
  await put("by-hand", { TreatMissingData: "notBreaching" });
  await look(12);
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "by-hand", StateValue: "ALARM", StateReason: "testing" }));
  await look(12, false);
  await look(13);
  expect(told("by-hand").map(({ from, to, reason }) => [from, to, reason.slice(0, 7)])).toEqual([
    ["INSUFFICIENT_DATA", "OK", "Greater"],
    ["OK", "ALARM", "testing"],
    ["ALARM", "OK", "Greater"],
  ]);
});

test("an alarm that is put again keeps its state, and nobody is told", async () => {
  await put("again");
  for (const minute of [12, 13]) await data("again", minute, 99);
  await look(14);
  await put("again", { AlarmDescription: "changed" });
  await look(14, false);
  expect(await stateOf("again")).toBe("ALARM");
  expect(told("again")).toHaveLength(1);
});

test("an alarm whose actions are off turns, and tells nobody", async () => {
  await put("quiet", { ActionsEnabled: false });
  for (const minute of [14, 15]) await data("quiet", minute, 99);
  await look(16);
  expect(told("quiet")).toMatchObject([{ to: "ALARM", told: [] }]);
});
