import type { Target, TargetGroup } from "../../alb/desired-state";
import type { DescribedGroup } from "./describe-balancers";

const ALGORITHMS = ["round_robin", "least_outstanding_requests", "weighted_random"] as const;

/** What the appliance must know of a target group. */
export function groupState({ group, attributes }: DescribedGroup, targets: readonly Target[]): TargetGroup {
  const name = `target group ${group.TargetGroupName}`;
  const httpOr = (value: string | undefined, what: string) => {
    if (value !== "HTTP" && value !== "HTTPS") throw new Error(`${name}/${what}: must be HTTP or HTTPS in the lab, got ${value}`);
    return value;
  };
  const algorithm = ALGORITHMS.find((known) => known === (attributes["load_balancing.algorithm.type"] ?? "round_robin"));
  if (algorithm === undefined) throw new Error(`${name}/load_balancing.algorithm.type: must be one of ${ALGORITHMS.join(", ")}`);
  return {
    arn: group.TargetGroupArn ?? "",
    protocol: httpOr(group.Protocol, "protocol"),
    healthCheck: {
      protocol: httpOr(group.HealthCheckProtocol ?? group.Protocol, "health check protocol"),
      port: group.HealthCheckPort === undefined || group.HealthCheckPort === "traffic-port" ? null : Number(group.HealthCheckPort),
      path: group.HealthCheckPath ?? "/",
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
      matcher: group.Matcher?.HttpCode ?? "200",
    },
    algorithm,
    stickySeconds: stickySeconds(attributes, name),
    slowStartSeconds: Number(attributes["slow_start.duration_seconds"] ?? 0),
    targets: [...targets],
  };
}

function stickySeconds(attributes: DescribedGroup["attributes"], name: string): number | null {
  if (attributes["stickiness.enabled"] !== "true") return null;
  const type = attributes["stickiness.type"];
  if (type !== "lb_cookie") throw new Error(`${name}/stickiness.type: must be lb_cookie in the lab (app_cookie is not emulated), got ${type}`);
  return Number(attributes["stickiness.lb_cookie.duration_seconds"] ?? 86_400);
}

/** Seconds that a deregistered target has (0-3600). */
export const deregistrationSeconds = ({ attributes }: DescribedGroup): number => Number(attributes["deregistration_delay.timeout_seconds"] ?? 300);
