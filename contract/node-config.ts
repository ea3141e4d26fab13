import { z } from "zod";
import { sha256 } from "./release";

/** Where user data writes the node's configuration. */
export const NODE_CONFIG_FILE = "/etc/nplus1/node.json";

/** What the stack tells a node, written by user data at first boot. No secrets: those are fetched by ARN with the instance profile. */
export const nodeConfigSchema = z.strictObject({
  stack: z.string().min(1),
  region: z.string().min(1),
  /** The fleet's release: the node runs this one and no other, all its life. */
  release: sha256,
  releasesBucket: z.string().min(1),
  settingsBucket: z.string().min(1),
  backupsBucket: z.string().min(1),
  sessionStore: z.strictObject({
    primaryHost: z.string().min(1),
    readerHost: z.string().min(1),
    port: z.int().min(1).max(65_535),
    /** Secrets Manager ARN of the AUTH token. */
    authSecretArn: z.string().min(1),
  }),
  /** The node's Auto Scaling group: the agent completes its own lifecycle hooks there. */
  autoScalingGroup: z.string().min(1).max(255),
  /** The gate's port on the VPC address. */
  gatePort: z.int().min(1).max(65_535),
  /** n of n+1: the nodes that carry the load. */
  n: z.int().min(1),
});

export type NodeConfig = z.infer<typeof nodeConfigSchema>;
