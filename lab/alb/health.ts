/** What one health check found. */
export type CheckResult =
  | { kind: "pass" }
  | { kind: "fail"; reason: "Target.Timeout" | "Target.FailedHealthChecks" | "Target.ResponseCodeMismatch"; description: string };

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states */
export interface Health {
  state: "initial" | "healthy" | "unhealthy";
  reason?: string;
  description?: string;
  /** Checks in a row that spoke against the state. */
  against: number;
}

export interface Thresholds {
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export const REGISTERED: Health = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
  against: 0,
};

const HEALTHY: Health = { state: "healthy", against: 0 };

/** One pass makes a new target healthy, whatever the threshold; after that both directions need theirs in a row. */
export function observe(health: Health, result: CheckResult, thresholds: Thresholds): Health {
  if (result.kind === "pass") {
    if (health.state !== "unhealthy") return HEALTHY;
    const passes = health.against + 1;
    return passes >= thresholds.healthyThreshold ? HEALTHY : { ...health, against: passes };
  }
  const { reason, description } = result;
  if (health.state === "unhealthy") return { state: "unhealthy", reason, description, against: 0 };
  const failures = health.against + 1;
  if (failures >= thresholds.unhealthyThreshold) return { state: "unhealthy", reason, description, against: 0 };
  if (health.state === "healthy") return { ...health, against: failures };
  return { state: "initial", reason: "Elb.InitialHealthChecking", description: "Initial health checks in progress", against: failures };
}
