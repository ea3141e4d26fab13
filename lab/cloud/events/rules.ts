import {
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  type ListRulesCommandOutput,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { parsePattern } from "./event-pattern";

export interface BusRule {
  name: string;
  arn: string;
  bus: string;
  /** Undefined: a schedule alone. */
  matches: ((event: object) => boolean) | undefined;
  schedule: string | undefined;
  targets: readonly Target[];
}

/** The rules that are switched on, as moto keeps them; read again after each change. */
export class Rules {
  #current: Promise<readonly BusRule[]> | undefined;

  constructor(private readonly client: EventBridgeClient) {}

  current(): Promise<readonly BusRule[]> {
    this.#current ??= this.#read().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    });
    return this.#current;
  }

  /** Something changed: whoever asks next looks again. */
  changed(): void {
    this.#current = undefined;
  }

  async #read(): Promise<readonly BusRule[]> {
    const { EventBuses } = await this.client.send(new ListEventBusesCommand({}));
    const found = await Promise.all((EventBuses ?? []).map(({ Name = "" }) => this.#rulesOf(Name)));
    return found.flat();
  }

  async #rulesOf(bus: string): Promise<BusRule[]> {
    const rules: Rule[] = [];
    let next: string | undefined;
    do {
      const page: ListRulesCommandOutput = await this.client.send(new ListRulesCommand({ EventBusName: bus, NextToken: next }));
      rules.push(...(page.Rules ?? []));
      next = page.NextToken;
    } while (next);
    const enabled = rules.filter(({ State }) => State?.startsWith("ENABLED"));
    return Promise.all(enabled.map((rule) => this.#withTargets(rule, bus)));
  }

  async #withTargets({ Name = "", Arn = "", EventPattern, ScheduleExpression }: Rule, bus: string): Promise<BusRule> {
    const { Targets = [] } = await this.client.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName: bus, Limit: 100 }));
    const matches = EventPattern ? parsePattern(EventPattern) : undefined;
    return { name: Name, arn: Arn, bus, matches, schedule: ScheduleExpression, targets: Targets };
  }
}
