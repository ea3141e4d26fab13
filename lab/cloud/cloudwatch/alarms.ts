import { appendFileSync } from "node:fs";
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { ListSubscriptionsByTopicCommand, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { actionsOf, alarmMessage, type StateChange } from "./alarm-message";
import { alarmState, lookedAt } from "./alarm-state";

/** moto's reason of an alarm that was just put: AWS says the same of a new one, and keeps the state of one that is put again. */
const JUST_PUT = /^Unchecked: Initial alarm creation/;

/** Turns the alarms that moto keeps: their state, and who is told. One look at a time. */
export class Alarms {
  readonly #states = new Map<string, StateValue>();
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly clients: { cloudwatch: CloudWatchClient; sns: SNSClient },
    private readonly logFile: string,
  ) {}

  /** Looks at every alarm. `evaluate` false: only what was set by hand since the last look. */
  look(evaluate: boolean, now = new Date()): Promise<void> {
    const looked = this.#looking.then(() => this.#look(evaluate, now));
    this.#looking = looked.catch(() => undefined);
    return looked;
  }

  async #look(evaluate: boolean, now: Date): Promise<void> {
    const seen = new Set<string>();
    for await (const { MetricAlarms } of paginateDescribeAlarms({ client: this.clients.cloudwatch }, {})) {
      for (const alarm of MetricAlarms ?? []) {
        seen.add(alarm.AlarmName ?? "");
        await this.#follow(alarm, evaluate, now);
      }
    }
    for (const name of this.#states.keys()) if (!seen.has(name)) this.#states.delete(name);
  }

  async #follow(alarm: MetricAlarm, evaluate: boolean, now: Date): Promise<void> {
    const { AlarmName: name = "", StateValue: state = "OK", StateReason: reason = "" } = alarm;
    const known = this.#states.get(name);
    const wasPut = JUST_PUT.test(reason);
    const before = known ?? "INSUFFICIENT_DATA";
    if (known === undefined || wasPut) await this.#set(alarm, before, known === undefined ? "Unchecked: alarm created" : "Unchecked: alarm changed");
    else if (state !== known) await this.#tell(alarm, { from: known, to: state, reason, at: now });
    if (!evaluate) return;
    const { to, why } = await this.#evaluate(alarm, now);
    const current = this.#states.get(name) ?? before;
    if (to === undefined || to === current) return;
    await this.#set(alarm, to, why);
    await this.#tell(alarm, { from: current, to, reason: why, at: now });
  }

  async #evaluate(alarm: MetricAlarm, now: Date): Promise<{ to: StateValue | undefined; why: string }> {
    const { Period: period = 60, Statistic: Stat = "Average", Namespace, MetricName, Dimensions, Unit } = alarm;
    const looked = lookedAt(alarm);
    const end = Math.floor(now.getTime() / 1000 / period) * period;
    const start = end - looked * period;
    const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period: period, Stat, Unit };
    const asked = { StartTime: new Date(start * 1000), EndTime: new Date(end * 1000), MetricDataQueries: [{ Id: "m", MetricStat }] };
    const { MetricDataResults } = await this.clients.cloudwatch.send(new GetMetricDataCommand(asked));
    const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
    const found = new Map(Timestamps.map((at, index) => [(at.getTime() / 1000 - start) / period, Values[index]]));
    const periods = Array.from({ length: looked }, (_, index) => found.get(index));
    const shown = periods.map((value) => value ?? "no data").join(", ");
    return { to: alarmState(alarm, periods), why: `${alarm.ComparisonOperator} ${alarm.Threshold}: the last periods of ${period} s were [${shown}]` };
  }

  async #set(alarm: MetricAlarm, StateValue: StateValue, StateReason: string): Promise<void> {
    await this.clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue, StateReason }));
    this.#states.set(alarm.AlarmName ?? "", StateValue);
  }

  async #tell(alarm: MetricAlarm, change: StateChange): Promise<void> {
    this.#states.set(alarm.AlarmName ?? "", change.to);
    const told: string[] = [];
    for (const action of actionsOf(alarm, change.to)) {
      if (!/^arn:[^:]+:sns:/.test(action)) continue;
      await this.clients.sns.send(new PublishCommand({ TopicArn: action, ...alarmMessage(alarm, change) }));
      const { Subscriptions } = await this.clients.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: action }));
      told.push(action, ...(Subscriptions ?? []).map(({ Protocol, Endpoint }) => `${Protocol}:${Endpoint}`));
    }
    const { at, ...what } = change;
    const line = { at: at.toISOString(), alarm: alarm.AlarmName, ...what, says: alarm.AlarmDescription, told };
    appendFileSync(this.logFile, `${JSON.stringify(line)}\n`);
  }
}
