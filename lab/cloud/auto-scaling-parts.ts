import { DeregisterTargetsCommand, type ElasticLoadBalancingV2Client, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudParts } from "./auto-scaling/cloud-parts";
import type { BalancerController } from "./balancer/balancer-controller";
import type { NewEvent } from "./events/event";
import type { RunningInstances } from "./running-instances";

/** Auto Scaling's hands: EC2's instances and the load balancers' targets. */
export function autoScalingParts(
  instances: RunningInstances,
  balancers: BalancerController,
  elb: ElasticLoadBalancingV2Client,
  emit: (event: NewEvent) => void,
): CloudParts {
  const target = (id: string) => [{ id }];
  return {
    zoneOf: (subnetId) => instances.zoneOf(subnetId),
    // @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html#tag-lifecycle
    launch: ({ group, tags, ...order }) =>
      instances.launch({ ...order, tags: [...tags, { key: "aws:autoscaling:groupName", value: group, propagate: true }] }),
    kill: (id) => instances.terminate(id),
    isAlive: (id) => instances.isAlive(id),
    async register(arn, id) {
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: id }] }));
      balancers.noteRegistered(arn, target(id));
    },
    async deregister(arn, id) {
      await elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: id }] })).catch(unlessGone);
      balancers.noteDeregistered(arn, target(id));
    },
    drained: (arn, id) => balancers.waitDrained(arn, id),
    targetIsUnhealthy: (arn, id) =>
      balancers.targetHealth(arn).some((health) => health.Target?.Id === id && health.TargetHealth?.State === "unhealthy"),
    emit,
  };
}

/** A target group that was deleted meanwhile has no targets left to take out, and a terminated instance is in none. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && /^(TargetGroupNotFound|InvalidTarget)/.test(error.name))) throw error;
}
