import { SentinelAlarms } from "../../infra/sentinel-alarms";
import { sentinelWatches } from "../../infra/sentinel-watches";
import { only, record, type Recorded } from "./record";

const TYPE = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
let made: Recorded[];

beforeAll(async () => {
  const args = { stack: "prod", n: 3, functionName: "sentinel-1234567", loadBalancer: "app/door/0123456789abcdef", topicArn: TOPIC };
  made = (await record(() => new SentinelAlarms("cluster", args))).filter(({ type }) => type === TYPE);
});

test("fewer than n nodes are told after two minutes, as the sentinel counts them", () => {
  expect(only(made, TYPE, "cluster-serving")).toEqual({
    alarmDescription: "nplus1 stack prod: fewer than n = 3 nodes serve. The events of the last minutes say why: nplus1 events.",
    namespace: "nplus1/prod",
    metricName: "NodesServing",
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: 3,
    period: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    treatMissingData: "notBreaching",
    alarmActions: [TOPIC],
    okActions: [TOPIC],
  });
});

test.each([
  ["common-cause", "CommonCause", "Maximum", "above", 0, 1, "notBreaching"],
  ["missing", "NodesServing", "SampleCount", "below", 1, 3, "breaching"],
  ["errors", "Errors", "Sum", "above", 0, 2, "notBreaching"],
  ["door-5xx", "HTTPCode_ELB_5XX_Count", "Sum", "above", 10, 1, "notBreaching"],
  ["nodes-5xx", "HTTPCode_Target_5XX_Count", "Sum", "above", 10, 3, "notBreaching"],
  ["latency", "TargetResponseTime", "Average", "above", 2, 5, "notBreaching"],
])("%s: %s as %s %s %d for %d minutes is trouble, silence is %s", (role, metric, statistic, is, threshold, minutes, silence) => {
  expect(sentinelWatches("prod", 3).find((watch) => watch.role === role)).toMatchObject({ metric, statistic, is, threshold, minutes, silence });
});

test("each alarm watches what is meant", () => {
  const dimensions = Object.fromEntries(made.map(({ name, inputs }) => [name, inputs.dimensions]));
  const door = { LoadBalancer: "app/door/0123456789abcdef" };
  expect(dimensions).toEqual({
    "cluster-common-cause": undefined,
    "cluster-door-5xx": door,
    "cluster-errors": { FunctionName: "sentinel-1234567" },
    "cluster-latency": door,
    "cluster-missing": undefined,
    "cluster-nodes-5xx": door,
    "cluster-serving": undefined,
  });
});
