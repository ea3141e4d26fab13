import { GetScheduleCommand, type GetScheduleCommandOutput, ListSchedulesCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import { AwsError } from "../aws-error";
import type { ServiceAnswer } from "../endpoint/service-answer";
import type { Deliver } from "../events/delivery";
import type { EventBus } from "../events/event-bus";
import type { Rules } from "../events/rules";
import { type RestRequest, restService } from "../rest-protocol";
import { Clock, type Timed } from "./clock";
import { parseExpression } from "./expression";
import { InvalidExpression } from "./invalid-expression";

export interface SchedulesParts {
  client: SchedulerClient;
  rules: Pick<Rules, "current">;
  bus: Pick<EventBus, "fire">;
  deliver: Deliver;
  roles: { trusts(roleArn: string, service: string): Promise<boolean>; may(roleName: string, action: string): Promise<boolean> };
  onFailure: (error: unknown) => void;
}

/** What a schedule's role must be let do to its target. */
const ACTIONS: Readonly<Record<string, string>> = { lambda: "lambda:InvokeFunction", sns: "sns:Publish" };

interface Asked {
  ScheduleExpression?: string;
  ScheduleExpressionTimezone?: string;
  FlexibleTimeWindow?: { Mode?: string };
  Target?: { Arn?: string; RoleArn?: string };
}

/** EventBridge Scheduler, and the rules that have a schedule: moto keeps them, the lab's clock runs them. */
export class Schedules {
  readonly answer: ServiceAnswer;
  readonly #clock: Clock;
  #working: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SchedulesParts) {
    this.#clock = new Clock(parts.onFailure);
    const checked = async ({ input }: RestRequest): Promise<undefined> => this.#check(input ?? {});
    // moto keeps what passes.
    this.answer = restService({ "POST /schedules/{name}": checked, "PUT /schedules/{name}": checked });
  }

  /** Something changed: looks again. */
  changed(): Promise<void> {
    this.#working = this.#working.catch(() => undefined).then(() => this.#look());
    return this.#working;
  }

  stop(): void {
    this.#clock.stop();
  }

  async #look(): Promise<void> {
    const { client, rules, bus } = this.parts;
    const { Schedules: listed } = await client.send(new ListSchedulesCommand({ MaxResults: 100 }));
    const schedules = await Promise.all((listed ?? []).map(({ Name, GroupName }) => client.send(new GetScheduleCommand({ Name, GroupName }))));
    const now = new Date();
    const ruled = (await rules.current()).flatMap((rule): Timed[] => {
      if (rule.schedule === undefined) return [];
      const expression = parseExpression(rule.schedule);
      // The rule is the same when only its targets change.
      return [{ key: rule.arn, version: rule.schedule, expression, start: now, end: undefined, atOnce: false, fire: () => bus.fire(rule) }];
    });
    this.#clock.set([...schedules.filter(({ State }) => State !== "DISABLED").map((one) => this.#timed(one, now)), ...ruled]);
  }

  /** A rate without a start begins at once. @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based */
  #timed(schedule: GetScheduleCommandOutput, now: Date): Timed {
    const { Arn = "", ScheduleExpression = "", StartDate, EndDate, Target } = schedule;
    return {
      key: Arn,
      version: JSON.stringify([ScheduleExpression, StartDate, EndDate, schedule.LastModificationDate]),
      expression: parseExpression(ScheduleExpression),
      start: StartDate ?? now,
      end: EndDate,
      atOnce: ScheduleExpression.startsWith("rate"),
      fire: () => this.parts.deliver({ target: Target?.Arn ?? "", payload: filled(Target?.Input ?? "{}", Arn), by: undefined }),
    };
  }

  /** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
  async #check({ ScheduleExpression = "", ScheduleExpressionTimezone = "UTC", FlexibleTimeWindow, Target }: Asked): Promise<undefined> {
    try {
      parseExpression(ScheduleExpression);
    } catch (error) {
      if (error instanceof InvalidExpression) refuse(`Invalid Schedule Expression ${ScheduleExpression}: ${error.message}`);
      throw error;
    }
    if (ScheduleExpressionTimezone !== "UTC")
      refuse(`ScheduleExpressionTimezone: must be UTC, which the lab's clock has, got ${ScheduleExpressionTimezone}`);
    if (FlexibleTimeWindow?.Mode !== "OFF")
      refuse(`FlexibleTimeWindow.Mode: must be OFF, as the lab's schedules are exact, got ${FlexibleTimeWindow?.Mode}`);
    const [, , service = ""] = Target?.Arn?.split(":") ?? [];
    const action = ACTIONS[service] ?? refuse(`Target.Arn: must be a function or a topic, which the lab delivers to, got ${Target?.Arn}`);
    const role = Target?.RoleArn ?? "";
    if (!(await this.parts.roles.trusts(role, "scheduler.amazonaws.com"))) {
      refuse("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
    }
    if (!(await this.parts.roles.may(role.split("/").at(-1) ?? "", action))) refuse(`Target.RoleArn: must let ${action}, ${role} does not`);
    return undefined;
  }
}

const refuse = (message: string): never => {
  throw new AwsError("ValidationException", message);
};

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const filled = (input: string, arn: string): string => {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return input
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", now)
    .replaceAll("<aws.scheduler.execution-id>", crypto.randomUUID())
    .replaceAll("<aws.scheduler.attempt-number>", "1");
};
