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
    /** Secrets Manager ARN of the secret with which all nodes sign session cookies. */
    cookieSecretArn: z.string().min(1),
  }),
  /** How sessions are kept; ranges are the stack configuration's. */
  sessions: z.strictObject({
    /** From the last use to the end. */
    lifetimeMs: z.int().min(1000),
    /** For copies, in each process that keeps sessions. */
    memoryBytes: z.int().min(1024 * 1024),
    /** Of one session. */
    maxSessionBytes: z.int().min(1024),
    /** `memory`: a modification is acknowledged when the primary has it; `replica`: and a replica. */
    durability: z.enum(["memory", "replica"]),
    /** How long a request waits for the store before it is refused. */
    storeTimeoutMs: z.int().min(100).max(30_000),
    /** While the store is away: serve what is in memory and known to be current for its client, or refuse. */
    whenStoreAway: z.enum(["serve", "refuse"]),
  }),
  /** The node's Auto Scaling group: the agent completes its own lifecycle hooks there. */
  autoScalingGroup: z.string().min(1).max(255),
  /** The gate's port on the VPC address. */
  gatePort: z.int().min(1).max(65_535),
  /** n of n+1: the nodes that carry the load. */
  n: z.int().min(1),
});

export type NodeConfig = z.infer<typeof nodeConfigSchema>;
