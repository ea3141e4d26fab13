import { z } from "zod";
import { tags } from "../../tags";
import { setOf } from "../values";

/** An action's ARN: a topic, a function, an EC2 or Auto Scaling action. */
const actions = setOf(z.string().regex(/^arn:aws[a-z-]*:[a-z0-9-]+:.+$/, "must be an ARN"), 5).optional();

const DAY_SECONDS = 86_400;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const metricAlarmInputs = z
  .strictObject({
    name: z.string().min(1).max(255).optional(),
    alarmDescription: z.string().max(1_024).optional(),
    actionsEnabled: z.boolean(),
    alarmActions: actions,
    okActions: actions,
    insufficientDataActions: actions,
    namespace: z.string().regex(/^[^:].{0,254}$/, "must be 1-255 characters, not beginning with a colon"),
    metricName: z.string().min(1).max(255),
    dimensions: z
      .record(z.string().min(1).max(255), z.string().min(1).max(1_024))
      .refine((all) => Object.keys(all).length <= 30, "must be at most 30 dimensions")
      .optional(),
    statistic: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]),
    unit: z.string().optional(),
    /** Seconds. */
    period: z
      .int()
      .refine((seconds) => [10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0), "must be 10, 20, 30 or a multiple of 60"),
    evaluationPeriods: z.int().min(1),
    datapointsToAlarm: z.int().min(1).optional(),
    threshold: z.number(),
    comparisonOperator: z.enum(["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"]),
    treatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]),
    tags: tags.optional(),
  })
  .refine(
    ({ period, evaluationPeriods }) => period * evaluationPeriods <= (period < 3600 ? DAY_SECONDS : 7 * DAY_SECONDS),
    "must have evaluationPeriods that end within a day (a week with periods of an hour or more)",
  )
  .refine(
    ({ datapointsToAlarm = 1, evaluationPeriods }) => datapointsToAlarm <= evaluationPeriods,
    "must have at most as many datapointsToAlarm as evaluationPeriods",
  );

export const metricAlarmDefaults = { actionsEnabled: true, treatMissingData: "missing" } as const;
