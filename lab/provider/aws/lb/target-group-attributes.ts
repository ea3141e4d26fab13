import type { TargetGroupAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";

const count = z.union([z.literal("off"), z.string().regex(/^\d+$/, "must be a number as text")]);

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
export const attributeInputs = {
  /** Seconds. */
  deregistrationDelay: z.int().min(0).max(3_600),
  /** Seconds, 0 is off. */
  slowStart: z.union([z.literal(0), z.int().min(30).max(900)]),
  loadBalancingAlgorithmType: z.enum(["round_robin", "least_outstanding_requests", "weighted_random"]),
  loadBalancingAnomalyMitigation: z.enum(["on", "off"]).optional(),
  loadBalancingCrossZoneEnabled: z.enum(["true", "false", "use_load_balancer_configuration"]),
  stickiness: z
    .strictObject({
      type: z.enum(["lb_cookie", "app_cookie"]),
      enabled: z.boolean().optional(),
      cookieDuration: z.int().min(1).max(604_800).optional(),
      cookieName: z.string().min(1).optional(),
    })
    .optional(),
  targetGroupHealth: z
    .strictObject({
      dnsFailover: z.strictObject({ minimumHealthyTargetsCount: count.optional(), minimumHealthyTargetsPercentage: count.optional() }).optional(),
      unhealthyStateRouting: z
        .strictObject({ minimumHealthyTargetsCount: z.int().min(1).optional(), minimumHealthyTargetsPercentage: count.optional() })
        .optional(),
    })
    .optional(),
};

export const attributeDefaults = {
  deregistrationDelay: 300,
  slowStart: 0,
  loadBalancingAlgorithmType: "round_robin",
  loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
} as const;

export type AttributeInputs = z.infer<z.ZodObject<typeof attributeInputs>>;

export function toAttributes(inputs: AttributeInputs): TargetGroupAttribute[] {
  const { stickiness, targetGroupHealth: health } = inputs;
  const cookie = stickiness?.type ?? "lb_cookie";
  const all: Record<string, string | number | boolean | undefined> = {
    "deregistration_delay.timeout_seconds": inputs.deregistrationDelay,
    "slow_start.duration_seconds": inputs.slowStart,
    "load_balancing.algorithm.type": inputs.loadBalancingAlgorithmType,
    "load_balancing.algorithm.anomaly_mitigation": inputs.loadBalancingAnomalyMitigation,
    "load_balancing.cross_zone.enabled": inputs.loadBalancingCrossZoneEnabled,
    // A declared block is on unless it says otherwise.
    "stickiness.enabled": stickiness !== undefined && stickiness.enabled !== false,
    "stickiness.type": cookie,
    [`stickiness.${cookie}.duration_seconds`]: stickiness?.cookieDuration ?? 86_400,
    "stickiness.app_cookie.cookie_name": stickiness?.cookieName,
    "target_group_health.dns_failover.minimum_healthy_targets.count": health?.dnsFailover?.minimumHealthyTargetsCount,
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": health?.dnsFailover?.minimumHealthyTargetsPercentage,
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": health?.unhealthyStateRouting?.minimumHealthyTargetsCount,
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": health?.unhealthyStateRouting?.minimumHealthyTargetsPercentage,
  };
  return Object.entries(all).flatMap(([Key, value]) => (value === undefined ? [] : [{ Key, Value: String(value) }]));
}

/** Only what AWS answered: what it leaves out counts as unchanged. */
export function fromAttributes(attributes: readonly TargetGroupAttribute[]): Partial<Record<keyof AttributeInputs, unknown>> {
  const value = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  const number = (key: string) => (value(key) === undefined ? undefined : Number(value(key)));
  const type = value("stickiness.type");
  return {
    deregistrationDelay: number("deregistration_delay.timeout_seconds"),
    slowStart: number("slow_start.duration_seconds"),
    loadBalancingAlgorithmType: value("load_balancing.algorithm.type"),
    loadBalancingAnomalyMitigation: value("load_balancing.algorithm.anomaly_mitigation"),
    loadBalancingCrossZoneEnabled: value("load_balancing.cross_zone.enabled"),
    stickiness: type && {
      type,
      enabled: value("stickiness.enabled") === "true",
      cookieDuration: number(`stickiness.${type}.duration_seconds`),
      ...(type === "app_cookie" ? { cookieName: value("stickiness.app_cookie.cookie_name") } : {}),
    },
  };
}
