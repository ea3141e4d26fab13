import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";

export type Rule = Pick<MetricAlarm, "EvaluationPeriods" | "DatapointsToAlarm" | "TreatMissingData" | "Threshold" | "ComparisonOperator">;

/** Periods that CloudWatch looks at beside those that count, to have real data where some are empty: 5 for 3 in its own example. */
const MORE_PERIODS = 2;

export const lookedAt = ({ EvaluationPeriods = 1 }: Rule): number => EvaluationPeriods + MORE_PERIODS;

/**
 * The state that follows from a metric's periods, the oldest first, undefined where there is no data; undefined: it stays.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(rule: Rule, periods: readonly (number | undefined)[]): StateValue | undefined {
  const { EvaluationPeriods: counted = 1, DatapointsToAlarm: needed = counted, TreatMissingData: treat = "missing" } = rule;
  const breaching = periods.map((value) => (value === undefined ? undefined : isBreaching(value, rule)));
  const real = breaching.filter((one) => one !== undefined);
  const count = (of: readonly boolean[]): number => of.filter(Boolean).length;
  // Enough real data: what is missing does not matter.
  if (real.length >= counted) return count(real.slice(-counted)) >= needed ? "ALARM" : "OK";
  if (count(real) >= needed) return "ALARM";
  const filled = counted - real.length;
  if (treat === "breaching") return count(real) + filled >= needed ? "ALARM" : "OK";
  if (treat === "notBreaching" || real.includes(false)) return "OK";
  if (treat === "ignore") return undefined;
  if (real.length === 0) return "INSUFFICIENT_DATA";
  return hasOnlyBreachedFor(needed, breaching.slice(-counted)) ? "ALARM" : "OK";
}

/** A breach that nothing has contradicted for as long as it takes is an alarm, though later periods are empty. */
function hasOnlyBreachedFor(needed: number, counted: readonly (boolean | undefined)[]): boolean {
  const oldest = counted.indexOf(true);
  return oldest >= 0 && counted.length - oldest >= needed;
}

function isBreaching(value: number, { Threshold: threshold = 0, ComparisonOperator: operator }: Rule): boolean {
  switch (operator) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      throw new Error(`ComparisonOperator: must be one of a static threshold in the lab, got ${String(operator)}`);
  }
}
