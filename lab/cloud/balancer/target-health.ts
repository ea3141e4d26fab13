import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetHealth } from "../../alb/report";
import type { Registration } from "./registrations";

export interface GroupHealth {
  /** A listener or a rule sends requests to it. */
  inUse: boolean;
  /** As the appliance said last; null while it is down, undefined while it has not said anything yet. */
  reported: readonly TargetHealth[] | null | undefined;
  healthCheckPort: string;
}

/** What DescribeTargetHealth says of one target. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export function describeHealth(target: Registration, group: GroupHealth): TargetHealthDescription {
  const place = {
    Target: { Id: target.id, Port: target.port },
    HealthCheckPort: group.healthCheckPort === "traffic-port" ? String(target.port) : group.healthCheckPort,
  };
  return { ...place, TargetHealth: healthOf(target, group) };
}

function healthOf(target: Registration, group: GroupHealth): TargetHealthDescription["TargetHealth"] {
  if (target.drainingUntil !== undefined) {
    return { State: "draining", Reason: "Target.DeregistrationInProgress", Description: "Target deregistration is in progress" };
  }
  if (!group.inUse) {
    return { State: "unused", Reason: "Target.NotInUse", Description: "Target group is not configured to receive traffic from the load balancer" };
  }
  if (group.reported === null) {
    return { State: "unhealthy", Reason: "Elb.InternalError", Description: "Health checks failed due to an internal error" };
  }
  const found = group.reported?.find((one) => one.id === target.id && one.port === target.port && one.state !== "draining");
  if (found === undefined) return { State: "initial", Reason: "Elb.RegistrationInProgress", Description: "Target registration is in progress" };
  return { State: found.state, Reason: found.reason as never, Description: found.description };
}

/** The answer for a target that was asked for and is not registered. */
export const notRegistered = (target: { id: string; port: number }): TargetHealthDescription => ({
  Target: { Id: target.id, Port: target.port },
  TargetHealth: { State: "unused", Reason: "Target.NotRegistered", Description: "Target is not registered to the target group" },
});
