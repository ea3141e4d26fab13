import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

export interface GroupPlace {
  autoScalingGroup: string;
  targetGroupArn: string;
}

/** What AWS says of the fleet. */
export interface GroupView {
  /** Ids of nodes that serve or are to; those that come, go, stand by or are being replaced are the group's business. */
  inService: string[];
  /** Ids of nodes that the load balancer finds healthy. */
  healthyTargets: Set<string>;
}

/** Both, asked at once. */
export async function viewGroup(
  autoScaling: Pick<AutoScalingClient, "send">,
  elb: Pick<ElasticLoadBalancingV2Client, "send">,
  { autoScalingGroup, targetGroupArn }: GroupPlace,
): Promise<GroupView> {
  const [groups, targets] = await Promise.all([
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [autoScalingGroup] })),
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
  ]);
  const [group] = groups.AutoScalingGroups ?? [];
  // A run that began before a release took over: nothing is left of what it watches, which is not a fleet of no nodes.
  if (!group) throw new Error(`${autoScalingGroup}: the group is not there any more`);
  const instances = group.Instances ?? [];
  return {
    inService: instances
      .filter(({ LifecycleState, HealthStatus }) => LifecycleState === "InService" && HealthStatus?.toUpperCase() === "HEALTHY")
      .flatMap(({ InstanceId }) => InstanceId ?? [])
      .sort(),
    healthyTargets: new Set(
      (targets.TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) =>
        TargetHealth?.State === "healthy" && Target?.Id ? [Target.Id] : [],
      ),
    ),
  };
}
