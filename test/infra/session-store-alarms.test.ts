import { SessionStoreAlarms } from "../../infra/session-store-alarms";
import { storeWatches } from "../../infra/session-store-watches";
import { only, record, type Recorded } from "./record";

const TYPE = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SIZE = { nodeType: "cache.t4g.micro", mostNodes: 6 };
let made: Recorded[];

beforeAll(async () => {
  const args = { ...SIZE, stack: "prod", memberIds: ["store-001", "store-002"], topicArn: "arn:aws:sns:us-east-1:123456789012:alarms" };
  made = (await record(() => new SessionStoreAlarms("sessions", args))).filter(({ type }) => type === TYPE);
});

test("each node of the store has every alarm", () => {
  const roles = ["connections", "cpu", "engine", "evictions", "free", "lag", "memory"];
  expect(made.map(({ name }) => name).sort()).toEqual(["001", "002"].flatMap((number) => roles.map((role) => `sessions-${number}-${role}`)));
});

test("an alarm names its node as ElastiCache publishes it, and tells the topic that it began and that it is over", () => {
  expect(only(made, TYPE, "sessions-002-lag")).toEqual({
    alarmDescription: expect.stringMatching(/^nplus1 stack prod, session store: this replica is more than 5 s behind/) as string,
    namespace: "AWS/ElastiCache",
    metricName: "ReplicationLag",
    dimensions: { CacheClusterId: "store-002", CacheNodeId: "0001" },
    statistic: "Maximum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 5,
    period: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    alarmActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
    okActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
  });
});

test("a node that publishes nothing is told by one alarm of the seven", () => {
  const told = made.filter(({ inputs }) => inputs.treatMissingData === "missing");
  expect(told.map(({ name }) => name)).toEqual(["sessions-001-memory", "sessions-002-memory"]);
  expect(told.map(({ inputs }) => inputs.insufficientDataActions)).toEqual(told.map(({ inputs }) => inputs.alarmActions));
});

test.each([
  ["evictions", "Evictions", "above", 0, 1],
  ["memory", "DatabaseMemoryUsagePercentage", "above", 80, 5],
  ["free", "FreeableMemory", "below", 50_000_000, 5],
  ["lag", "ReplicationLag", "above", 5, 3],
  ["connections", "CurrConnections", "above", 1204, 5],
  ["engine", "EngineCPUUtilization", "above", 90, 5],
  ["cpu", "CPUUtilization", "above", 90, 5],
])("%s: %s %s %d for %d minutes is trouble", (role, metric, is, threshold, minutes) => {
  expect(storeWatches(SIZE).find((watch) => watch.role === role)).toMatchObject({ metric, is, threshold, minutes });
});

test("the limit of connections follows the cluster and stays under ElastiCache's, the limit of free memory follows the machine", () => {
  const [largest] = storeWatches({ nodeType: "cache.m7g.large", mostNodes: 200 }).filter(({ role }) => role === "connections");
  expect(largest?.threshold).toBeLessThan(65_000);
  expect(storeWatches({ nodeType: "cache.m7g.large", mostNodes: 6 }).find(({ role }) => role === "free")?.threshold).toBe(100_000_000);
});

test("what an alarm says fits CloudWatch's 1,024 characters, however long the stack's name is", () => {
  for (const { says } of storeWatches(SIZE)) expect(says.length + "nplus1 stack , session store: ".length + 100).toBeLessThanOrEqual(1024);
});
