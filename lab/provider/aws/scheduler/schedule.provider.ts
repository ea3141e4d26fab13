import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type FlexibleTimeWindowMode,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import type { Probe } from "../../wait";
import { arn } from "../values";

const time = z.iso.datetime({ message: "must be a time like 2030-01-01T01:00:00Z" });

const inputs = z.strictObject({
  /** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "must be 1-64 letters, digits or _.-")
    .optional(),
  groupName: z.string().min(1).max(64),
  description: z.string().max(512).optional(),
  scheduleExpression: z.string().min(1).max(256),
  scheduleExpressionTimezone: z.string().min(1).max(50),
  flexibleTimeWindow: z.strictObject({ mode: z.literal("OFF", "must be OFF, as the lab's schedules are exact") }),
  startDate: time.optional(),
  endDate: time.optional(),
  state: z.enum(["ENABLED", "DISABLED"]),
  target: z.strictObject({
    arn: arn("(lambda|sns)"),
    roleArn: arn("iam"),
    input: z.string().max(65_536).optional(),
    retryPolicy: z.strictObject({ maximumEventAgeInSeconds: z.int().min(60).max(86_400), maximumRetryAttempts: z.int().min(0).max(185) }).optional(),
  }),
});

type ScheduleInputs = z.infer<typeof inputs>;

/** Seconds for a role that was just made to be known to the Scheduler; the real provider's. */
const ROLE_LIMIT_SECONDS = 120;

function commandInput(schedule: ScheduleInputs): CreateScheduleCommandInput {
  const { target } = schedule;
  return {
    Name: schedule.name,
    GroupName: schedule.groupName,
    Description: schedule.description,
    ScheduleExpression: schedule.scheduleExpression,
    ScheduleExpressionTimezone: schedule.scheduleExpressionTimezone,
    FlexibleTimeWindow: { Mode: schedule.flexibleTimeWindow.mode satisfies FlexibleTimeWindowMode },
    StartDate: schedule.startDate === undefined ? undefined : new Date(schedule.startDate),
    EndDate: schedule.endDate === undefined ? undefined : new Date(schedule.endDate),
    State: schedule.state,
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: target.input,
      RetryPolicy: target.retryPolicy && {
        MaximumEventAgeInSeconds: target.retryPolicy.maximumEventAgeInSeconds,
        MaximumRetryAttempts: target.retryPolicy.maximumRetryAttempts,
      },
    },
  };
}

/** Runs a call again while the Scheduler may not take the role yet. */
const onceRoleIsKnown = (name: string | undefined, action: () => Promise<unknown>, call: Call): Promise<true> =>
  call.waitFor(`the role of schedule ${name}`, ROLE_LIMIT_SECONDS, async (): Promise<Probe<true>> => {
    try {
      await action();
      return { done: true };
    } catch (error) {
      const { name: code, message } = error as Error;
      if (code === "ValidationException" && /role|Role/.test(message)) return { seen: message };
      throw error;
    }
  });

const place = (id: string): { GroupName: string; Name: string } => ({ GroupName: id.split("/")[0] ?? "", Name: id.split("/")[1] ?? "" });

/** Of EventBridge Scheduler. */
export const schedule = regionalResource({
  type: "aws:scheduler/schedule:Schedule",
  inputs,
  onChange: {
    name: "replace",
    groupName: "replace",
    description: "update",
    scheduleExpression: "update",
    scheduleExpressionTimezone: "update",
    flexibleTimeWindow: "update",
    startDate: "update",
    endDate: "update",
    state: "update",
    target: "update",
  },
  defaults: { groupName: "default", scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  autoname: { property: "name", maxLength: 64 },
  computed: { arn: "stable" },
  async create(one, call) {
    await onceRoleIsKnown(one.name, () => call.aws.scheduler.send(new CreateScheduleCommand(commandInput(one))), call);
    return `${one.groupName}/${one.name}`;
  },
  async read(id, _, { aws }) {
    const it = await aws.scheduler.send(new GetScheduleCommand(place(id)));
    const { RetryPolicy } = it.Target ?? {};
    return {
      name: it.Name,
      groupName: it.GroupName,
      description: it.Description,
      scheduleExpression: it.ScheduleExpression,
      scheduleExpressionTimezone: it.ScheduleExpressionTimezone,
      flexibleTimeWindow: { mode: it.FlexibleTimeWindow?.Mode },
      startDate: it.StartDate?.toISOString().replace(/\.000Z$/, "Z"),
      endDate: it.EndDate?.toISOString().replace(/\.000Z$/, "Z"),
      state: it.State,
      target: {
        arn: it.Target?.Arn,
        roleArn: it.Target?.RoleArn,
        input: it.Target?.Input,
        retryPolicy: RetryPolicy && {
          maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
          maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
        },
      },
      arn: it.Arn,
    };
  },
  async update(_, { news }, call) {
    await onceRoleIsKnown(news.name, () => call.aws.scheduler.send(new UpdateScheduleCommand(commandInput(news))), call);
  },
  async delete(id, _, { aws }) {
    await aws.scheduler.send(new DeleteScheduleCommand(place(id)));
  },
});
