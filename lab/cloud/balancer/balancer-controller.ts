import { isDeepStrictEqual } from "node:util";
import type { ACMClient } from "@aws-sdk/client-acm";
import { DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Listener } from "../../alb/desired-state";
import type { EniState } from "../../machine/network-state";
import type { Answer } from "../endpoint/endpoint";
import type { SubnetAddresses } from "../subnet-addresses";
import { type ApplianceOptions, Appliances, type BalancerMachine } from "./appliances";
import { addressOwner, balancerEnis } from "./balancer-enis";
import { balancerState } from "./balancer-state";
import { Certificates } from "./certificates";
import { type DescribedBalancer, type DescribedGroup, describeBalancers } from "./describe-balancers";
import { groupState } from "./group-state";
import { forwardedGroups, listenerState } from "./listener-state";
import { TargetBook, type TargetRef } from "./target-book";
import { targetHealthAnswers } from "./target-health-answer";

export interface BalancerClients {
  elb: ElasticLoadBalancingV2Client;
  acm: ACMClient;
  ec2: EC2Client;
}

export interface BalancerOptions extends ApplianceOptions {
  addresses: Pick<SubnetAddresses, "take" | "release">;
  /** The private address of an instance; undefined when there is none. */
  instanceAddress: (instanceId: string) => string | undefined;
  /** Makes the machine's network have what `enis()` says now. */
  applyNetwork: () => Promise<void>;
  onFailure: (error: unknown) => void;
}

/** A load balancer as its appliance is told, apart from its targets. */
interface Known {
  described: DescribedBalancer;
  listeners: Listener[];
  groups: DescribedGroup[];
}

/** Keeps an appliance for each application load balancer, and knows how their targets are. */
export class BalancerController {
  /** Own answers for the endpoint, service elasticloadbalancing. */
  readonly answers: Record<string, Answer>;
  readonly #certificates: Certificates;
  readonly #book: TargetBook;
  readonly #appliances: Appliances;
  #known = new Map<string, Known>();
  #enis = new Map<string, EniState[]>();
  #work: Promise<void> = Promise.resolve();

  constructor(
    machine: BalancerMachine,
    private readonly clients: BalancerClients,
    private readonly options: BalancerOptions,
  ) {
    this.#certificates = new Certificates(clients.acm, (names) => machine.ca.issue(names));
    this.#book = new TargetBook(options.instanceAddress);
    this.#appliances = new Appliances(
      machine,
      options,
      (_, report) => {
        if (report.kind === "health") this.#book.report(report.targetGroupArn, report.targets);
        if (report.kind === "refused") options.onFailure(new Error(`load balancer: ${report.message}`));
      },
      (arn) => this.#book.unknown(this.#known.get(arn)?.groups.map(arnOf) ?? []),
    );
    this.#book.onChange(() => this.#feed());
    this.answers = targetHealthAnswers(async (arn, targets) => {
      if (!this.#book.knows(arn)) await this.reconcile();
      return this.#book.knows(arn) ? this.#book.describeSome(arn, targets) : undefined;
    });
  }

  /** Makes the appliances what ELB's state says; one look at a time. */
  reconcile(): Promise<void> {
    const work = this.#work.then(() => this.#reconcile());
    this.#work = work.catch(() => undefined);
    return work;
  }

  enis(): EniState[] {
    return [...this.#enis.values()].flat();
  }

  /** DNS name → addresses, the public ones where there are. */
  dnsRecords(): Map<string, string[]> {
    return new Map(
      [...this.#known].map(([arn, { described }]) => [
        described.balancer.DNSName ?? "",
        (this.#enis.get(arn) ?? []).map((eni) => eni.publicIp ?? eni.privateIp),
      ]),
    );
  }

  targetHealth(targetGroupArn: string): TargetHealthDescription[] {
    return this.#book.describe(targetGroupArn);
  }

  /** A RegisterTargets that moto took: known at once, not only after the next look. */
  noteRegistered(targetGroupArn: string, targets: readonly TargetRef[]): void {
    this.#book.register(targetGroupArn, targets);
  }

  /** A DeregisterTargets that moto took. */
  noteDeregistered(targetGroupArn: string, targets: readonly TargetRef[]): void {
    this.#book.deregister(targetGroupArn, targets);
  }

  /** Calls back whenever a target's health or membership changed; gives what ends that. */
  onChange(listener: () => void): () => void {
    return this.#book.onChange(listener);
  }

  /** Resolves when the target has left the group, its deregistration delay included. It must have been deregistered. */
  waitDrained(targetGroupArn: string, targetId: string): Promise<void> {
    const isGone = () => !this.#book.targets(targetGroupArn).some(({ id }) => id === targetId);
    return new Promise((resolve) => {
      if (isGone()) return resolve();
      const forget = this.onChange(() => {
        if (!isGone()) return;
        forget();
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.#book.close();
    await this.#appliances.stopAllBut(new Set());
  }

  async #reconcile(): Promise<void> {
    this.#book.lookBegins();
    const { balancers, groups } = await describeBalancers(this.clients.elb);
    await this.#certificates.load(balancers.flatMap(({ listeners }) => listeners.flatMap(({ certificateArns }) => certificateArns)));
    this.#known = new Map(balancers.map((described) => [described.balancer.LoadBalancerArn ?? "", this.#know(described, groups)]));
    await this.#appliances.stopAllBut(new Set(this.#known.keys()));
    await this.#placeEnis(balancers);
    this.#book.update(groups, new Set([...this.#known.values()].flatMap((known) => known.groups.map(arnOf))));
  }

  #know(described: DescribedBalancer, groups: readonly DescribedGroup[]): Known {
    const listeners = described.listeners.map((listener) => listenerState(listener, (arn) => this.#certificates.get(arn)));
    const forwarded = new Set(listeners.flatMap(forwardedGroups));
    return { described, listeners, groups: groups.filter((group) => forwarded.has(arnOf(group))) };
  }

  /** Namespaces must be there before an appliance starts in one. */
  async #placeEnis(balancers: readonly DescribedBalancer[]): Promise<void> {
    const subnetIds = balancers.flatMap(({ balancer }) => balancer.AvailabilityZones?.flatMap(({ SubnetId }) => SubnetId ?? []) ?? []);
    const { Subnets = [] } =
      subnetIds.length === 0 ? {} : await this.clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...new Set(subnetIds)] }));
    const cidrs = new Map(Subnets.map(({ SubnetId = "", CidrBlock = "" }) => [SubnetId, CidrBlock]));
    const taken = new Set<string>();
    const placed = new Map(
      balancers.map((described) => [
        described.balancer.LoadBalancerArn ?? "",
        balancerEnis(described, (subnetId, owner) => this.options.addresses.take(subnetId, cidrs.get(subnetId) ?? "", owner), taken),
      ]),
    );
    if (isDeepStrictEqual(placed, this.#enis)) return;
    const before = this.#enis;
    this.#enis = placed;
    await this.options.applyNetwork();
    const kept = new Set([...placed].flatMap(([arn, enis]) => enis.map(({ subnetId }) => addressOwner(arn, subnetId))));
    const owners = [...before].flatMap(([arn, enis]) => enis.map(({ subnetId }) => addressOwner(arn, subnetId)));
    for (const owner of owners) if (!kept.has(owner)) this.options.addresses.release(owner);
  }

  #feed(): void {
    for (const [arn, { described, listeners, groups }] of this.#known) {
      if (!this.#enis.has(arn)) continue;
      const states = groups.map((group) =>
        groupState(
          group,
          this.#book.targets(arnOf(group)).map(({ id, ip, port, drainingUntil }) => ({ id, ip, port, draining: drainingUntil !== undefined })),
        ),
      );
      this.#appliances.feed(arn, balancerState(described.attributes, listeners, states), described.balancer.Scheme === "internet-facing");
    }
  }
}

const arnOf = ({ group }: DescribedGroup): string => group.TargetGroupArn ?? "";
