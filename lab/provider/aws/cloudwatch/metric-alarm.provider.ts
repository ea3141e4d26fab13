import {
  type ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type StandardUnit,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import type { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap } from "../../tags";
import { found, given } from "../found";
import { metricAlarmDefaults, metricAlarmInputs } from "./metric-alarm-inputs";

/** Writes all of the alarm at once, as the API does. */
async function put(alarm: z.infer<typeof metricAlarmInputs>, { aws }: Call, tags?: Record<string, string>): Promise<string> {
  const name = given(alarm.name, "name");
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: alarm.alarmDescription,
      ActionsEnabled: alarm.actionsEnabled,
      AlarmActions: alarm.alarmActions,
      OKActions: alarm.okActions,
      InsufficientDataActions: alarm.insufficientDataActions,
      Namespace: alarm.namespace,
      MetricName: alarm.metricName,
      Dimensions: Object.entries(alarm.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Statistic: alarm.statistic,
      Unit: alarm.unit as StandardUnit | undefined,
      Period: alarm.period,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      Threshold: alarm.threshold,
      ComparisonOperator: alarm.comparisonOperator satisfies ComparisonOperator,
      TreatMissingData: alarm.treatMissingData,
      ...(tags ? { Tags: tagList(tags) } : {}),
    }),
  );
  return name;
}

/** Of one metric, with a static threshold. */
export const metricAlarm = regionalResource({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  inputs: metricAlarmInputs,
  onChange: {
    name: "replace",
    alarmDescription: "update",
    actionsEnabled: "update",
    alarmActions: "update",
    okActions: "update",
    insufficientDataActions: "update",
    namespace: "update",
    metricName: "update",
    dimensions: "update",
    statistic: "update",
    unit: "update",
    period: "update",
    evaluationPeriods: "update",
    datapointsToAlarm: "update",
    threshold: "update",
    comparisonOperator: "update",
    treatMissingData: "update",
    tags: "update",
  },
  defaults: metricAlarmDefaults,
  autoname: { property: "name", maxLength: 255 },
  unordered: ["alarmActions", "okActions", "insufficientDataActions"],
  computed: { arn: "stable" },
  create: (inputs, call) => put(inputs, call, inputs.tagsAll),
  async read(id, _, { aws }) {
    const { MetricAlarms } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [id] }));
    const it = found(MetricAlarms?.[0], `alarm ${id}`);
    const { Tags } = await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: it.AlarmArn }));
    return {
      name: it.AlarmName,
      alarmDescription: it.AlarmDescription,
      actionsEnabled: it.ActionsEnabled,
      alarmActions: listed(it.AlarmActions),
      okActions: listed(it.OKActions),
      insufficientDataActions: listed(it.InsufficientDataActions),
      namespace: it.Namespace,
      metricName: it.MetricName,
      dimensions: it.Dimensions?.length ? Object.fromEntries(it.Dimensions.map(({ Name, Value }) => [Name, Value])) : undefined,
      statistic: it.Statistic,
      unit: it.Unit,
      period: it.Period,
      evaluationPeriods: it.EvaluationPeriods,
      datapointsToAlarm: it.DatapointsToAlarm,
      threshold: it.Threshold,
      comparisonOperator: it.ComparisonOperator,
      treatMissingData: it.TreatMissingData,
      tagsAll: tagMap(Tags),
      arn: it.AlarmArn,
    };
  },
  async update(id, { olds, news }, call) {
    await put(news, call);
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length === 0 && Object.keys(set).length === 0) return;
    const { cloudwatch } = call.aws;
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [id] }));
    const ResourceARN = found(MetricAlarms?.[0], `alarm ${id}`).AlarmArn;
    if (remove.length > 0) await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: remove }));
    if (Object.keys(set).length > 0) await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: tagList(set) }));
  },
  async delete(id, _, { aws }) {
    await aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
  },
});

/** AWS answers an empty list for one that was never declared. */
const listed = (actions: string[] | undefined): string[] | undefined => (actions?.length ? actions : undefined);
