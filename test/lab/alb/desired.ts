import type { DesiredState, Listener, TargetGroup } from "../../../lab/alb/desired-state";

export const GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/1111111111111111";

export const targetGroup = (change: Partial<TargetGroup> = {}): TargetGroup => ({
  arn: GROUP,
  protocol: "HTTP",
  healthCheck: {
    protocol: "HTTP",
    port: null,
    path: "/health",
    intervalSeconds: 0.1,
    timeoutSeconds: 1,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    matcher: "200",
  },
  algorithm: "round_robin",
  stickySeconds: null,
  slowStartSeconds: 0,
  targets: [],
  ...change,
});

export const listener = (change: Partial<Listener> = {}): Listener => ({
  port: 80,
  protocol: "HTTP",
  certificates: [],
  rules: [],
  defaultAction: { type: "forward", groups: [{ arn: GROUP, weight: 1 }] },
  ...change,
});

export const desired = (change: Partial<DesiredState> = {}): DesiredState => ({
  generation: 1,
  attributes: { idleTimeoutSeconds: 60, dropInvalidHeaderFields: false, http2: true, xffMode: "append", xffClientPort: false, accessLog: false },
  doors: {},
  listeners: [listener()],
  targetGroups: [targetGroup()],
  ...change,
});
