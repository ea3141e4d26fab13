import { z } from "zod";

/** What the stack tells the sentinel, as JSON in this variable of its environment. No secrets: the token is fetched by ARN. */
export const SENTINEL_VARIABLE = "NPLUS1_SENTINEL";

export const sentinelConfigSchema = z.strictObject({
  stack: z.string().min(1),
  /** n of n+1: the nodes that carry the load. */
  n: z.int().min(1),
  autoScalingGroup: z.string().min(1),
  targetGroupArn: z.string().min(1),
  sessionStore: z.strictObject({ primaryHost: z.string().min(1), port: z.int().min(1).max(65_535), authSecretArn: z.string().min(1) }),
  /** Systems Manager document that restarts a node's agent. */
  restartDocument: z.string().min(1),
  gatePort: z.int().min(1).max(65_535),
});
export type SentinelConfig = z.infer<typeof sentinelConfigSchema>;

/** The stack's own metrics in CloudWatch, without dimensions. */
export const metricsNamespace = (stack: string): string => `nplus1/${stack}`;

export const METRICS = {
  /** Nodes of the group that the load balancer finds healthy: the fewest of a minute. */
  serving: "NodesServing",
  wanted: "NodesWanted",
  quarantined: "Quarantined",
  /** 1 in a minute in which more than half of the nodes were ill at once, or the session store was away. */
  commonCause: "CommonCause",
} as const;

/** What the sentinel remembers from one look to the next, and from one run to the next: JSON with a TTL. */
export const WATCH_KEY = "nplus1:sentinel:watch";

/** What the sentinel has begun for a node: JSON with a TTL. */
export const actionKey = (node: string): string => `nplus1:action:${node}`;
