import { z } from "zod";

/** No control characters: these values become parts of lines in HAProxy's configuration. */
const line = z.string().regex(/^\P{Cc}*$/u, "must not contain control characters");
const values = z.array(line.min(1).max(128)).min(1);

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html */
export const conditionSchema = z.discriminatedUnion("field", [
  z.strictObject({ field: z.literal("path-pattern"), values }),
  z.strictObject({ field: z.literal("host-header"), values }),
  z.strictObject({ field: z.literal("http-header"), name: z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/), values }),
  z.strictObject({ field: z.literal("http-request-method"), values }),
  z.strictObject({ field: z.literal("query-string"), pairs: z.array(z.strictObject({ key: line.optional(), value: line })).min(1) }),
  z.strictObject({ field: z.literal("source-ip"), values }),
]);
export type Condition = z.infer<typeof conditionSchema>;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
export const actionSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("forward"),
    groups: z
      .array(z.strictObject({ arn: line, weight: z.int().min(0).max(999) }))
      .min(1)
      .max(5),
  }),
  z.strictObject({
    type: z.literal("redirect"),
    /** HTTP, HTTPS or `#{protocol}`; the other parts may hold `#{host}`, `#{port}`, `#{path}`, `#{query}` too. */
    protocol: line,
    host: line,
    port: line,
    path: line,
    query: line,
    status: z.union([z.literal(301), z.literal(302)]),
  }),
  z.strictObject({ type: z.literal("fixed-response"), status: z.int().min(200).max(599), contentType: line.optional(), body: z.string().max(1024) }),
]);
export type Action = z.infer<typeof actionSchema>;

const ruleSchema = z.strictObject({ conditions: z.array(conditionSchema).min(1), action: actionSchema });

export const listenerSchema = z.strictObject({
  port: z.int().min(1).max(65_535),
  protocol: z.enum(["HTTP", "HTTPS"]),
  /** The first one is the default, the others are chosen by SNI. */
  certificates: z.array(z.strictObject({ certPem: z.string(), keyPem: z.string() })),
  /** In priority order. */
  rules: z.array(ruleSchema),
  defaultAction: actionSchema,
});
export type Listener = z.infer<typeof listenerSchema>;

export const healthCheckSchema = z.strictObject({
  protocol: z.enum(["HTTP", "HTTPS"]),
  /** null: the port on which the target gets traffic. */
  port: z.int().min(1).max(65_535).nullable(),
  path: z.string(),
  /** AWS's ranges are 5-300 and 2-120 s; the controller keeps them, tests go below. */
  intervalSeconds: z.number().positive().max(300),
  timeoutSeconds: z.number().positive().max(120),
  healthyThreshold: z.int().min(2).max(10),
  unhealthyThreshold: z.int().min(2).max(10),
  /** Like 200, 200,202 or 200-299. */
  matcher: z.string(),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

export const targetSchema = z.strictObject({
  id: z.string(),
  ip: z.string(),
  port: z.int().min(1).max(65_535),
  /** Deregistered, within its deregistration delay: finishes what it has, gets nothing new. */
  draining: z.boolean(),
});
export type Target = z.infer<typeof targetSchema>;

export const targetGroupSchema = z.strictObject({
  arn: z.string(),
  protocol: z.enum(["HTTP", "HTTPS"]),
  healthCheck: healthCheckSchema,
  algorithm: z.enum(["round_robin", "least_outstanding_requests", "weighted_random"]),
  /** lb_cookie's duration in seconds (1-604800); null without stickiness. */
  stickySeconds: z.int().min(1).max(604_800).nullable(),
  slowStartSeconds: z.int().min(0).max(900),
  targets: z.array(targetSchema),
});
export type TargetGroup = z.infer<typeof targetGroupSchema>;

/** All that a load balancer must be: one JSON line on the appliance's standard input, whole at every change. */
export const desiredStateSchema = z.strictObject({
  generation: z.int().min(0),
  attributes: z.strictObject({
    idleTimeoutSeconds: z.int().min(1).max(4000),
    dropInvalidHeaderFields: z.boolean(),
    http2: z.boolean(),
    xffMode: z.enum(["append", "preserve", "remove"]),
    xffClientPort: z.boolean(),
    accessLog: z.boolean(),
  }),
  /** Inherited listening sockets that a listener serves besides its port: file descriptor by listener port. */
  doors: z.record(z.string().regex(/^\d+$/), z.int().min(3)),
  listeners: z.array(listenerSchema),
  targetGroups: z.array(targetGroupSchema),
});
export type DesiredState = z.infer<typeof desiredStateSchema>;
