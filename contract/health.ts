import { z } from "zod";
import { nodeState } from "./registry";
import { sha256 } from "./release";

/** The gate passes these paths to the agent; the load balancer refuses them to clients. */
export const INTERNAL_PREFIX = "/.nplus1/";

/** Deep health: 200 while the node may take requests, 503 with reasons while not. The load balancer's check. */
export const HEALTH_PATH = "/.nplus1/health";

/** 200 while the agent works, whatever the application does. */
export const AGENT_PATH = "/.nplus1/agent";

export const healthReportSchema = z.strictObject({
  node: z.string(),
  release: sha256,
  state: nodeState,
  /** Empty while healthy; otherwise why not, each a sentence. */
  reasons: z.array(z.string()),
});
export type HealthReport = z.infer<typeof healthReportSchema>;

/** Response header by which the gate names the node that served the request. */
export const NODE_HEADER = "x-nplus1-node";

/** Request header that a release's listener rule matches, so that the load balancer health-checks a fleet before it is active. */
export const RELEASE_HEADER = "x-nplus1-release";
