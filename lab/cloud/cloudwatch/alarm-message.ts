import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";

export interface StateChange {
  from: StateValue;
  to: StateValue;
  reason: string;
  at: Date;
}

/** The actions of the state that an alarm has come to. */
export function actionsOf(alarm: MetricAlarm, to: StateValue): readonly string[] {
  if (alarm.ActionsEnabled === false) return [];
  const actions = { ALARM: alarm.AlarmActions, OK: alarm.OKActions, INSUFFICIENT_DATA: alarm.InsufficientDataActions };
  return actions[to] ?? [];
}

/** What CloudWatch publishes to a topic. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export function alarmMessage(alarm: MetricAlarm, change: StateChange): { Subject: string; Message: string } {
  // arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME
  const [, , , region = "", account = ""] = (alarm.AlarmArn ?? "").split(":");
  const Message = {
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: account,
    NewStateValue: change.to,
    NewStateReason: change.reason,
    StateChangeTime: change.at.toISOString(),
    Region: region,
    AlarmArn: alarm.AlarmArn,
    OldStateValue: change.from,
    OKActions: alarm.OKActions ?? [],
    AlarmActions: alarm.AlarmActions ?? [],
    InsufficientDataActions: alarm.InsufficientDataActions ?? [],
    Trigger: {
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      StatisticType: "Statistic",
      Statistic: alarm.Statistic?.toUpperCase(),
      Unit: alarm.Unit ?? null,
      Dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
      Period: alarm.Period,
      EvaluationPeriods: alarm.EvaluationPeriods,
      DatapointsToAlarm: alarm.DatapointsToAlarm,
      ComparisonOperator: alarm.ComparisonOperator,
      Threshold: alarm.Threshold,
      TreatMissingData: alarm.TreatMissingData ?? "",
    },
  };
  // An SNS limit: 100 characters.
  return { Subject: `${change.to}: "${alarm.AlarmName}" in ${region}`.slice(0, 100), Message: JSON.stringify(Message) };
}
