import {
  type Activity,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../../resource";
import type { Probe } from "../../wait";
import { seconds } from "./duration";
import type { GroupInputs } from "./group-inputs";

export interface Capacity {
  /** Instances that are InService and Healthy. */
  inService: number;
  /** Those of them that are healthy in every attached target group. */
  healthy: number;
}

/**
 * What the group must have before a create or an update is done.
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling/group/#waiting-for-capacity
 */
export function missing(inputs: GroupInputs, after: "create" | "update", desired: number, seen: Capacity): string[] {
  const faults: string[] = [];
  const enough = after === "create" ? seen.inService >= desired : seen.inService === desired;
  if (!enough) faults.push(`wanted ${desired} instances in service, saw ${seen.inService}`);
  if (inputs.waitForElbCapacity !== undefined) {
    if (seen.healthy !== inputs.waitForElbCapacity) faults.push(`wanted exactly ${inputs.waitForElbCapacity} healthy targets, saw ${seen.healthy}`);
  } else if (after === "create" && inputs.minElbCapacity !== undefined && seen.healthy < inputs.minElbCapacity) {
    faults.push(`wanted ${inputs.minElbCapacity} healthy targets, saw ${seen.healthy}`);
  }
  return faults;
}

export async function waitForCapacity(name: string, inputs: GroupInputs, call: Call, after: "create" | "update"): Promise<void> {
  const limitSeconds = seconds(inputs.waitForCapacityTimeout);
  if (limitSeconds === 0) return;
  const since = new Date();
  await call.waitFor(`the capacity of Auto Scaling group ${name}`, limitSeconds, async (): Promise<Probe<true>> => {
    const group = await describeGroup(name, call);
    if (!group) throw new Error(`Auto Scaling group ${name} is gone while its capacity was waited for`);
    const faults = missing(inputs, after, group.DesiredCapacity ?? 0, await capacity(group, call));
    if (faults.length === 0) return { done: true };
    const activities = await unsuccessful(name, since, call);
    const reasons = [...new Set(activities.map((one) => one.StatusMessage ?? one.Description ?? "no reason given"))].slice(0, 3);
    const seen = [...faults, ...reasons.map((reason) => `scaling activity: ${reason}`)].join("; ");
    if (!inputs.ignoreFailedScalingActivities && activities.some((one) => one.StatusCode === "Failed")) {
      throw new Error(`Auto Scaling group ${name}: a scaling activity failed: ${seen}`);
    }
    return { seen };
  });
}

export async function describeGroup(name: string, { aws }: Call): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await aws.autoscaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return AutoScalingGroups?.[0];
}

async function capacity(group: AutoScalingGroup, { aws }: Call): Promise<Capacity> {
  const serving = (group.Instances ?? []).filter((one) => one.LifecycleState === "InService" && one.HealthStatus?.toLowerCase() === "healthy");
  const arns = group.TargetGroupARNs ?? [];
  const health = await Promise.all(arns.map((TargetGroupArn) => aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))));
  const healthyIn = health.map(({ TargetHealthDescriptions: targets }) => {
    const healthy = (targets ?? []).filter((target) => target.TargetHealth?.State === "healthy");
    return new Set(healthy.map((target) => target.Target?.Id));
  });
  const healthy = arns.length === 0 ? [] : serving.filter((one) => healthyIn.every((ids) => ids.has(one.InstanceId)));
  return { inService: serving.length, healthy: healthy.length };
}

/** Newest first. A launch that a lifecycle hook abandons is Cancelled, one that EC2 refuses is Failed. */
async function unsuccessful(name: string, since: Date, { aws }: Call): Promise<Activity[]> {
  const { Activities } = await aws.autoscaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: 50 }));
  const recent = (Activities ?? []).filter((one) => (one.StartTime?.getTime() ?? 0) >= since.getTime() - 5_000);
  return recent.filter((one) => one.StatusCode === "Failed" || one.StatusCode === "Cancelled");
}
