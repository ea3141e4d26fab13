import { alarmState, lookedAt } from "../../../../lab/cloud/cloudwatch/alarm-state";

/** As AWS writes it: the oldest first, 0 within the threshold, X breaching, - missing. */
const periods = (pattern: string): (number | undefined)[] => pattern.split(" ").map((one) => (one === "-" ? undefined : one === "X" ? 2 : 0));

const state = (pattern: string, DatapointsToAlarm: number, TreatMissingData: string) =>
  alarmState(
    { EvaluationPeriods: 3, DatapointsToAlarm, TreatMissingData, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
    periods(pattern),
  );

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"];

// The two tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html; undefined: the state stays.
test.each([
  ["0 - X - X", 3, ["OK", "OK", "OK", "OK"]],
  ["0 - - - -", 3, ["OK", "OK", "OK", "OK"]],
  ["- - - - -", 3, ["INSUFFICIENT_DATA", undefined, "ALARM", "OK"]],
  ["0 X X - X", 3, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["- - X - -", 3, ["ALARM", undefined, "ALARM", "OK"]],
  ["0 - X - X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0 0 X 0 X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0 - X - -", 2, ["OK", "OK", "ALARM", "OK"]],
  ["- - - - 0", 2, ["OK", "OK", "ALARM", "OK"]],
  ["- - - X -", 2, ["ALARM", undefined, "ALARM", "OK"]],
])("%s with %d to alarm is as AWS's table says", (pattern, needed, expected) => {
  expect(TREATMENTS.map((treat) => state(pattern, needed, treat))).toEqual(expected);
});

test("a first breach alone is no alarm yet", () => {
  for (const pattern of ["- - - - X", "- - - X -"]) expect(state(pattern, 3, "missing")).toBe("OK");
});

test.each([
  ["GreaterThanThreshold", [false, false, true]],
  ["GreaterThanOrEqualToThreshold", [false, true, true]],
  ["LessThanThreshold", [true, false, false]],
  ["LessThanOrEqualToThreshold", [true, true, false]],
] as const)("%s breaches below, at and above its threshold: %j", (ComparisonOperator, expected) => {
  const breaches = [0, 1, 2].map((value) => alarmState({ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator }, [value]) === "ALARM");
  expect(breaches).toEqual(expected);
});

test("two periods more than count are looked at", () => {
  expect(lookedAt({ EvaluationPeriods: 3 })).toBe(5);
});
