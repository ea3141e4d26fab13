import type { TargetDescription, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetHealth } from "../../alb/report";
import type { DescribedGroup } from "./describe-balancers";
import { deregistrationSeconds } from "./group-state";
import { type Registration, Registrations } from "./registrations";
import { describeHealth, notRegistered } from "./target-health";

export interface TargetRef {
  id: string;
  port?: number;
}

/** Who is a target of which group, and how each is: from moto's registrations, the appliances' reports and the clock. */
export class TargetBook {
  readonly #registrations = new Registrations();
  /** By group, as the appliance said last; null while that appliance is down. */
  readonly #health = new Map<string, readonly TargetHealth[] | null>();
  /** Group and target of what was noted since the look at moto began: that look may be older than the note. */
  readonly #noted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #groups = new Map<string, DescribedGroup>();
  #inUse: ReadonlySet<string> = new Set();
  #expiry: NodeJS.Timeout | undefined;

  constructor(private readonly instanceAddress: (instanceId: string) => string | undefined) {}

  /** A look at moto begins, which ends with update(). */
  lookBegins(): void {
    this.#noted.clear();
  }

  /** What moto says: the groups, their targets, and the groups that a listener sends requests to. */
  update(groups: readonly DescribedGroup[], inUse: ReadonlySet<string>): void {
    this.#groups = new Map(groups.map((described) => [described.group.TargetGroupArn ?? "", described]));
    this.#inUse = inUse;
    for (const [arn, described] of this.#groups) {
      const targets = described.targets.flatMap((target) => this.#registration(asRef(target), described));
      this.#registrations.match(arn, targets, this.#drainingUntil(arn), (id) => this.#noted.has(`${arn} ${id}`));
    }
    this.#changed();
  }

  register(targetGroupArn: string, targets: readonly TargetRef[]): void {
    const described = this.#groups.get(targetGroupArn);
    if (described === undefined) return;
    for (const { id } of targets) this.#noted.add(`${targetGroupArn} ${id}`);
    for (const one of targets.flatMap((target) => this.#registration(target, described))) this.#registrations.register(targetGroupArn, one);
    this.#changed();
  }

  deregister(targetGroupArn: string, targets: readonly TargetRef[]): void {
    for (const { id } of targets) this.#noted.add(`${targetGroupArn} ${id}`);
    for (const target of targets) this.#registrations.deregister(targetGroupArn, target, this.#drainingUntil(targetGroupArn));
    this.#changed();
  }

  report(targetGroupArn: string, targets: readonly TargetHealth[]): void {
    this.#health.set(targetGroupArn, targets);
    this.#changed();
  }

  /** The appliance that reported these groups is down. */
  unknown(targetGroupArns: Iterable<string>): void {
    for (const arn of targetGroupArns) this.#health.set(arn, null);
    this.#changed();
  }

  targets(targetGroupArn: string): Registration[] {
    return this.#registrations.of(targetGroupArn);
  }

  knows(targetGroupArn: string): boolean {
    return this.#groups.has(targetGroupArn);
  }

  describe(targetGroupArn: string): TargetHealthDescription[] {
    const group = {
      inUse: this.#inUse.has(targetGroupArn),
      reported: this.#health.get(targetGroupArn),
      healthCheckPort: this.#groups.get(targetGroupArn)?.group.HealthCheckPort ?? "traffic-port",
    };
    return this.targets(targetGroupArn).map((target) => describeHealth(target, group));
  }

  /** Those asked for, registered or not. */
  describeSome(targetGroupArn: string, asked: readonly TargetRef[]): TargetHealthDescription[] {
    const all = this.describe(targetGroupArn);
    if (asked.length === 0) return all;
    return asked.flatMap(({ id, port }) => {
      const found = all.filter(({ Target }) => Target?.Id === id && (port === undefined || Target.Port === port));
      return found.length > 0 ? found : [notRegistered({ id, port: port ?? this.#groups.get(targetGroupArn)?.group.Port ?? 0 })];
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.#expiry);
  }

  #changed(): void {
    clearTimeout(this.#expiry);
    const now = Date.now();
    const next = this.#registrations.expire(now, (arn) => this.#groups.has(arn));
    if (next !== undefined) this.#expiry = setTimeout(() => this.#changed(), next - now);
    for (const listener of [...this.#listeners]) listener();
  }

  /** A group that gets no requests has nothing to drain. */
  #drainingUntil(targetGroupArn: string): number {
    const described = this.#groups.get(targetGroupArn);
    const seconds = described !== undefined && this.#inUse.has(targetGroupArn) ? deregistrationSeconds(described) : 0;
    return Date.now() + seconds * 1000;
  }

  /** Nothing for an instance without an address: it is not running yet, or gone. */
  #registration({ id, port }: TargetRef, { group }: DescribedGroup): Registration[] {
    const known = this.targets(group.TargetGroupArn ?? "").find((one) => one.id === id);
    const ip = group.TargetType === "ip" ? id : (this.instanceAddress(id) ?? known?.ip);
    return ip === undefined ? [] : [{ id, ip, port: port ?? group.Port ?? 0 }];
  }
}

const asRef = ({ Id = "", Port }: TargetDescription): TargetRef => ({ id: Id, ...(Port === undefined ? {} : { port: Port }) });
