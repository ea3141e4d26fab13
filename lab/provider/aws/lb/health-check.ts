import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const healthCheck = z.strictObject({
  enabled: z.literal(true).optional(),
  path: z
    .string()
    .regex(/^\/[^\s]*$/, "must be a URL path")
    .max(1024)
    .optional(),
  port: z
    .string()
    .regex(/^(traffic-port|\d{1,5})$/, "must be a port as text, or traffic-port")
    .optional(),
  protocol: z.enum(["HTTP", "HTTPS"]).optional(),
  matcher: z
    .string()
    .regex(/^[2-4]\d\d([,-][2-4]\d\d)*$/, "must be status codes like 200,202 or 200-299")
    .optional(),
  /** Seconds. */
  interval: z.int().min(5).max(300).optional(),
  timeout: z.int().min(2).max(120).optional(),
  healthyThreshold: z.int().min(2).max(10).optional(),
  unhealthyThreshold: z.int().min(2).max(10).optional(),
});

export type HealthCheck = z.infer<typeof healthCheck>;

export function healthCheckFault(check: HealthCheck | undefined): string | undefined {
  const [timeout, interval] = [check?.timeout ?? 5, check?.interval ?? 30];
  return timeout < interval ? undefined : `must be smaller than interval (${interval})`;
}

/** With the provider's defaults (its healthy and unhealthy thresholds are 3, not AWS's 5 and 2). */
export const healthCheckCall = (check: HealthCheck = {}) => ({
  HealthCheckEnabled: check.enabled ?? true,
  HealthCheckPath: check.path ?? "/",
  HealthCheckPort: check.port ?? "traffic-port",
  HealthCheckProtocol: check.protocol ?? "HTTP",
  HealthCheckIntervalSeconds: check.interval ?? 30,
  HealthCheckTimeoutSeconds: check.timeout ?? 5,
  HealthyThresholdCount: check.healthyThreshold ?? 3,
  UnhealthyThresholdCount: check.unhealthyThreshold ?? 3,
  Matcher: { HttpCode: check.matcher ?? "200" },
});

export const readHealthCheck = (group: TargetGroup): HealthCheck & Record<string, unknown> =>
  ({
    enabled: group.HealthCheckEnabled,
    path: group.HealthCheckPath,
    port: group.HealthCheckPort,
    protocol: group.HealthCheckProtocol,
    matcher: group.Matcher?.HttpCode,
    interval: group.HealthCheckIntervalSeconds,
    timeout: group.HealthCheckTimeoutSeconds,
    healthyThreshold: group.HealthyThresholdCount,
    unhealthyThreshold: group.UnhealthyThresholdCount,
  }) as HealthCheck & Record<string, unknown>;
