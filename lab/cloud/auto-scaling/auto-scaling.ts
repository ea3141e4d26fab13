import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Answer } from "../endpoint/endpoint";
import { asAnswers, element, list, members, type Result } from "../query-protocol";
import { Activities } from "./activities";
import type { CloudParts } from "./cloud-parts";
import { Controller } from "./controller";
import { activityXml, groupXml, hookXml, instanceXml, tagXml } from "./describe";
import { type Group, isLeaving, type Member } from "./group";
import { checkSizes, hook, hooks, integer, invalid, launchTemplate, maintenance, subnetIds, tags } from "./parameters";
import { ScalingPolicies } from "./scaling-policies";

type Params = Readonly<Record<string, string>>;

const NAMESPACE = "http://autoscaling.amazonaws.com/doc/2011-01-01/";
const ARN = "arn:aws:autoscaling:us-east-1:123456789012";

/** The most that AWS lets a group have. */
const MOST = 10_000;

/** The Auto Scaling service of the lab: moto has its API but not its behaviour. */
export class AutoScaling {
  readonly controller: Controller;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly #activities = new Activities();
  readonly #policies = new ScalingPolicies(ARN, (params) => this.#group(params));

  constructor(
    private readonly parts: CloudParts,
    onFailure: (error: unknown) => void,
  ) {
    this.controller = new Controller(parts, this.#activities, onFailure);
    this.answers = asAnswers(NAMESPACE, this.#results());
  }

  /** What an instance's metadata says; undefined outside a group. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html */
  targetLifecycleState(instanceId: string): string | undefined {
    const member = this.controller.members.get(instanceId);
    if (!member) return undefined;
    return isLeaving(member) ? "Terminated" : "InService";
  }

  #results(): Record<string, Result> {
    const done = async (work: () => void | Promise<void>): Promise<string> => {
      await work();
      this.controller.wake();
      return "";
    };
    return {
      CreateAutoScalingGroup: (p) => done(() => this.#create(p)),
      UpdateAutoScalingGroup: (p) => done(() => this.#update(p)),
      DeleteAutoScalingGroup: (p) => done(() => this.#delete(p)),
      SetDesiredCapacity: (p) => done(() => this.#resize(this.#group(p), {}, integer(p, "DesiredCapacity", 0, MOST))),
      DescribeAutoScalingGroups: (p) => this.#describeGroups(p),
      DescribeAutoScalingInstances: async (p) => {
        const wanted = new Set(members(p, "InstanceIds"));
        const found = [...this.controller.members.values()].filter((member) => wanted.size === 0 || wanted.has(member.id));
        return list(
          "AutoScalingInstances",
          found.map((member) => element("AutoScalingGroupName", member.group) + instanceXml(member)),
        );
      },
      DescribeScalingActivities: async (p) => list("Activities", this.#activities.of(p.AutoScalingGroupName).map(activityXml)),
      TerminateInstanceInAutoScalingGroup: (p) => done(() => this.#terminate(p)),
      SetInstanceHealth: (p) =>
        done(() => {
          this.#member(p.InstanceId).healthy = p.HealthStatus === "Healthy";
        }),
      CompleteLifecycleAction: (p) => done(() => this.#complete(p)),
      RecordLifecycleActionHeartbeat: (p) =>
        done(() => {
          const member = this.#waiting(p);
          const wanted = this.#group(p).hooks.find(({ name }) => name === p.LifecycleHookName);
          member.hookDeadline = Date.now() + (wanted?.heartbeatSeconds ?? 0) * 1000;
        }),
      PutLifecycleHook: (p) =>
        done(() => {
          const group = this.#group(p);
          const wanted = hook(p);
          group.hooks = [...group.hooks.filter(({ name }) => name !== wanted.name), wanted];
        }),
      DeleteLifecycleHook: (p) =>
        done(() => {
          const group = this.#group(p);
          group.hooks = group.hooks.filter(({ name }) => name !== p.LifecycleHookName);
        }),
      DescribeLifecycleHooks: async (p) =>
        list(
          "LifecycleHooks",
          this.#group(p).hooks.map((one) => hookXml(p.AutoScalingGroupName ?? "", one)),
        ),
      ...this.#policies.results,
      CreateOrUpdateTags: (p) => done(() => this.#setTags(p, true)),
      DeleteTags: (p) => done(() => this.#setTags(p, false)),
      DescribeTags: async () =>
        list(
          "Tags",
          [...this.controller.groups.values()].flatMap((group) => group.tags.map((tag) => tagXml(group.name, tag))),
        ),
      AttachLoadBalancerTargetGroups: (p) => done(() => this.#setTargets(p, true)),
      DetachLoadBalancerTargetGroups: (p) => done(() => this.#setTargets(p, false)),
      DescribeLoadBalancerTargetGroups: async (p) =>
        list(
          "LoadBalancerTargetGroups",
          this.#group(p).targetGroupArns.map((arn) => element("LoadBalancerTargetGroupARN", arn) + element("State", "InService")),
        ),
      SuspendProcesses: (p) => done(() => members(p, "ScalingProcesses").forEach((name) => void this.#group(p).suspended.add(name))),
      ResumeProcesses: (p) => done(() => members(p, "ScalingProcesses").forEach((name) => void this.#group(p).suspended.delete(name))),
      EnableMetricsCollection: (p) => done(() => void this.#group(p)),
      DisableMetricsCollection: (p) => done(() => void this.#group(p)),
      DescribeWarmPool: async () => list("Instances", []),
      DescribeInstanceRefreshes: async () => list("InstanceRefreshes", []),
    };
  }

  #group(p: Params): Group {
    return (
      this.controller.groups.get(p.AutoScalingGroupName ?? "") ??
      invalid(`AutoScalingGroup name not found - AutoScalingGroup '${String(p.AutoScalingGroupName)}' not found`)
    );
  }

  #member(id: string | undefined): Member {
    return this.controller.members.get(id ?? "") ?? invalid(`Instance Id not found - No managed instance found for instance ID: ${String(id)}`);
  }

  #waiting(p: Params): Member {
    const member = this.controller.members.get(p.InstanceId ?? "");
    const waits = member && member.group === p.AutoScalingGroupName && member.state.endsWith(":Wait");
    const launching =
      p.LifecycleHookName !== undefined &&
      this.#group(p).hooks.some((one) => one.name === p.LifecycleHookName && one.transition === "autoscaling:EC2_INSTANCE_LAUNCHING");
    if (!waits || launching !== member.state.startsWith("Pending"))
      return invalid(`No active Lifecycle Action found with instance ID ${String(p.InstanceId)}`);
    return member;
  }

  async #complete(p: Params): Promise<void> {
    const result = p.LifecycleActionResult;
    if (result !== "CONTINUE" && result !== "ABANDON") return invalid(`LifecycleActionResult must be CONTINUE or ABANDON, got ${String(result)}`);
    await this.controller.complete(this.#waiting(p), result);
  }

  async #create(p: Params): Promise<void> {
    const name = p.AutoScalingGroupName ?? "";
    if (this.controller.groups.has(name))
      throw new AwsError("AlreadyExists", `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`);
    const subnets = subnetIds(p) ?? invalid("At least one Availability Zone or VPC Subnet is required.");
    await Promise.all(subnets.map((id) => this.parts.zoneOf(id)));
    const min = integer(p, "MinSize", 0, MOST) ?? invalid("MinSize is required");
    const group: Group = {
      name,
      arn: `${ARN}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`,
      min,
      max: integer(p, "MaxSize", 0, MOST) ?? invalid("MaxSize is required"),
      desired: integer(p, "DesiredCapacity", 0, MOST) ?? min,
      subnetIds: subnets,
      launchTemplate: launchTemplate(p) ?? invalid("Valid requests must contain a LaunchTemplate"),
      targetGroupArns: members(p, "TargetGroupARNs"),
      healthCheckType: p.HealthCheckType ?? "EC2",
      graceSeconds: integer(p, "HealthCheckGracePeriod", 0, 7200) ?? 0,
      maintenance: maintenance(p),
      hooks: hooks(p),
      tags: tags(p),
      createdAt: Date.now(),
      cooldownSeconds: integer(p, "DefaultCooldown", 0, 86_400) ?? 300,
      suspended: new Set(),
      deleting: false,
      nextLaunchAt: 0,
      failures: 0,
    };
    checkSizes(group);
    this.controller.groups.set(name, group);
  }

  #update(p: Params): void {
    const group = this.#group(p);
    this.#resize(group, { min: integer(p, "MinSize", 0, MOST), max: integer(p, "MaxSize", 0, MOST) }, integer(p, "DesiredCapacity", 0, MOST));
    Object.assign(group, {
      subnetIds: subnetIds(p) ?? group.subnetIds,
      launchTemplate: launchTemplate(p) ?? group.launchTemplate,
      healthCheckType: p.HealthCheckType ?? group.healthCheckType,
      graceSeconds: integer(p, "HealthCheckGracePeriod", 0, 7200) ?? group.graceSeconds,
      cooldownSeconds: integer(p, "DefaultCooldown", 0, 86_400) ?? group.cooldownSeconds,
      maintenance: "InstanceMaintenancePolicy.MinHealthyPercentage" in p ? maintenance(p) : group.maintenance,
      nextLaunchAt: 0,
    });
  }

  /** New bounds pull the desired capacity with them unless it is given too. */
  #resize(group: Group, bounds: { min?: number | undefined; max?: number | undefined }, desired: number | undefined): void {
    const min = bounds.min ?? group.min;
    const max = bounds.max ?? group.max;
    const wanted = { min, max, desired: desired ?? Math.min(Math.max(group.desired, min), max) };
    checkSizes(wanted);
    Object.assign(group, wanted);
  }

  #delete(p: Params): void {
    const group = this.#group(p);
    const busy = this.controller.membersOf(group.name).length > 0;
    if (busy && p.ForceDelete !== "true")
      throw new AwsError(
        "ResourceInUse",
        "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
      );
    group.deleting = true;
    if (!busy) this.controller.groups.delete(group.name);
    this.#policies.forget(group.name);
  }

  #terminate(p: Params): void {
    const member = this.#member(p.InstanceId);
    const group = this.controller.groups.get(member.group);
    if (group && p.ShouldDecrementDesiredCapacity === "true") this.#resize(group, {}, group.desired - 1);
    this.controller.terminate(member, "an instance was taken out of service in response to a user request");
  }

  async #describeGroups(p: Params): Promise<string> {
    const names = new Set(members(p, "AutoScalingGroupNames"));
    const found = [...this.controller.groups.values()].filter((group) => names.size === 0 || names.has(group.name));
    const described = found.map(async (group) => {
      const zones = await Promise.all(group.subnetIds.map((id) => this.parts.zoneOf(id)));
      return groupXml(group, this.controller.membersOf(group.name), [...new Set(zones)]);
    });
    return list("AutoScalingGroups", await Promise.all(described));
  }

  #setTags(p: Params, keep: boolean): void {
    for (let index = 1; p[`Tags.member.${index}.Key`] !== undefined; index += 1) {
      const group = this.controller.groups.get(p[`Tags.member.${index}.ResourceId`] ?? "");
      if (!group) continue;
      const key = p[`Tags.member.${index}.Key`] ?? "";
      group.tags = group.tags.filter((tag) => tag.key !== key);
      if (keep)
        group.tags.push({ key, value: p[`Tags.member.${index}.Value`] ?? "", propagate: p[`Tags.member.${index}.PropagateAtLaunch`] === "true" });
    }
  }

  async #setTargets(p: Params, attach: boolean): Promise<void> {
    const group = this.#group(p);
    const arns = members(p, "TargetGroupARNs");
    group.targetGroupArns = [...group.targetGroupArns.filter((arn) => !arns.includes(arn)), ...(attach ? arns : [])];
    const serving = this.controller.membersOf(group.name).filter((member) => member.state === "InService");
    await Promise.all(
      serving.flatMap((member) => arns.map((arn) => (attach ? this.parts.register(arn, member.id) : this.parts.deregister(arn, member.id)))),
    );
  }
}
