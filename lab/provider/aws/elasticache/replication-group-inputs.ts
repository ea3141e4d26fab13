import { z } from "zod";
import { arn, port, resourceId, setOf, zoneName } from "../values";
import { tags } from "../../tags";

const DAY = "(mon|tue|wed|thu|fri|sat|sun)";

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
export const replicationGroupInputs = z
  .strictObject({
    replicationGroupId: z
      .string()
      .regex(/^[a-z](?!.*--)[a-z0-9-]{0,39}(?<!-)$/, "must be 1-40 lower-case letters, digits or single dashes, beginning with a letter")
      .optional(),
    description: z.string().min(1),
    engine: z.enum(["valkey", "redis"]),
    engineVersion: z
      .string()
      .regex(/^\d+\.\d+(\.\d+|\.x)?$|^\d+\.x$/, "must be a version like 8.0")
      .optional(),
    nodeType: z.string().regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "must be a node type like cache.t4g.micro"),
    numCacheClusters: z.int().min(1).max(6),
    port,
    parameterGroupName: z.string().min(1).max(255).optional(),
    subnetGroupName: z.string().min(1).max(255),
    securityGroupIds: setOf(resourceId("sg"), 5).min(1),
    preferredCacheClusterAzs: z.array(zoneName).optional(),
    automaticFailoverEnabled: z.boolean(),
    multiAzEnabled: z.boolean(),
    atRestEncryptionEnabled: z.boolean().optional(),
    kmsKeyId: arn("kms").optional(),
    transitEncryptionEnabled: z.boolean(),
    transitEncryptionMode: z.enum(["preferred", "required"]).optional(),
    /** 16-128 printable characters. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html */
    authToken: z
      .string()
      .regex(/^[\x21-\x7e]{16,128}$/, "must be 16-128 printable characters")
      .refine((token) => !/["/@]/.test(token), 'must not hold " / or @')
      .optional(),
    /** Of a later change, not of the creation. DELETE is for the way to user groups, which the lab has not. */
    authTokenUpdateStrategy: z.enum(["SET", "ROTATE"], "must be SET or ROTATE in the lab").optional(),
    applyImmediately: z.boolean(),
    autoMinorVersionUpgrade: z.boolean(),
    maintenanceWindow: z
      .string()
      .regex(new RegExp(`^${DAY}:\\d\\d:\\d\\d-${DAY}:\\d\\d:\\d\\d$`), "must be like sun:05:00-sun:06:00")
      .optional(),
    snapshotWindow: z
      .string()
      .regex(/^\d\d:\d\d-\d\d:\d\d$/, "must be like 03:00-04:00")
      .optional(),
    /** Days; 0 is none. */
    snapshotRetentionLimit: z.int().min(0).max(35),
    finalSnapshotIdentifier: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/)
      .max(255)
      .optional(),
    tags: tags.optional(),
  })
  .refine((group) => !group.multiAzEnabled || group.automaticFailoverEnabled, "must have automaticFailoverEnabled when multiAzEnabled")
  .refine(
    (group) => !group.automaticFailoverEnabled || group.numCacheClusters >= 2,
    "must have numCacheClusters of 2 or more when automaticFailoverEnabled",
  )
  .refine(
    (group) => group.authTokenUpdateStrategy === undefined || group.authToken !== undefined,
    "must have authToken when authTokenUpdateStrategy is set",
  )
  .refine((group) => group.authToken === undefined || group.transitEncryptionEnabled, "must have transitEncryptionEnabled when authToken is set")
  .refine(
    (group) => group.kmsKeyId === undefined || group.atRestEncryptionEnabled !== false,
    "must have atRestEncryptionEnabled when kmsKeyId is set",
  );

export type ReplicationGroupInputs = z.infer<typeof replicationGroupInputs>;

export const replicationGroupDefaults = {
  engine: "redis",
  port: 6379,
  numCacheClusters: 1,
  automaticFailoverEnabled: false,
  multiAzEnabled: false,
  transitEncryptionEnabled: false,
  applyImmediately: false,
  autoMinorVersionUpgrade: true,
  snapshotRetentionLimit: 0,
} as const;
