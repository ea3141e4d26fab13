import { DeregisterTargetsCommand, type ElasticLoadBalancingV2Client, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudParts } from "./auto-scaling/cloud-parts";
import type { BalancerController } from "./balancer/balancer-controller";
import type { RunningInstances } from "./running-instances";

/** Auto Scaling's hands: EC2's instances and the load balancers' targets. */
export function autoScalingParts(instances: RunningInstances, balancers: BalancerController, elb: ElasticLoadBalancingV2Client): CloudParts {
  const target = (id: string) => [{ id }];
  return {
    zoneOf: (subnetId) => instances.zoneOf(subnetId),
    launch: (order) => instances.launch(order),
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
  };
}

/** A target group that was deleted meanwhile has no targets left to take out. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && error.name.startsWith("TargetGroupNotFound"))) throw error;
}
