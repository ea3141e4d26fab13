import { z } from "zod";
import { arn, resourceId, setOf } from "../values";
import { duration } from "./duration";

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHookSpecification.html */
const lifecycleHook = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9\-_/]{1,255}$/, "must be 1-255 letters, digits or -_/"),
  lifecycleTransition: z.enum(["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"]),
  defaultResult: z.enum(["CONTINUE", "ABANDON"]).optional(),
  /** Seconds. */
  heartbeatTimeout: z.int().min(30).max(7_200).optional(),
  notificationMetadata: z.string().min(1).max(1_023).optional(),
  notificationTargetArn: z.union([arn("sqs"), arn("sns")]).optional(),
  roleArn: arn("iam").optional(),
});

const launchTemplate = z
  .strictObject({
    id: resourceId("lt").optional(),
    name: z.string().min(3).max(128).optional(),
    version: z
      .string()
      .regex(/^(\$Latest|\$Default|\d+)$/)
      .optional(),
  })
  .refine((one) => (one.id === undefined) !== (one.name === undefined), "must have one of id and name");

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMaintenancePolicy.html (at most 100 apart) */
const maintenancePolicy = z
  .strictObject({ minHealthyPercentage: z.int().min(-1).max(100), maxHealthyPercentage: z.int().min(-1).max(200) })
  .refine(
    ({ minHealthyPercentage: min, maxHealthyPercentage: max }) => (min === -1 && max === -1) || (min >= 0 && max >= 100 && max - min <= 100),
    "must be -1 and -1, or 0-100 and 100-200, at most 100 apart",
  );

const size = z.int().min(0).max(100_000);

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
export const groupInputs = z
  .strictObject({
    name: z.string().min(1).max(255).optional(),
    minSize: size,
    maxSize: size,
    desiredCapacity: size.optional(),
    launchTemplate,
    vpcZoneIdentifiers: setOf(resourceId("subnet"), 50).min(1),
    targetGroupArns: setOf(arn("elasticloadbalancing"), 50).optional(),
    healthCheckType: z.enum(["EC2", "ELB"]),
    /** Seconds. */
    healthCheckGracePeriod: z.int().min(0).max(7_200),
    defaultCooldown: z.int().min(0).optional(),
    defaultInstanceWarmup: z.int().min(-1).optional(),
    maxInstanceLifetime: z.union([z.literal(0), z.int().min(86_400).max(31_536_000)]).optional(),
    initialLifecycleHooks: z.array(lifecycleHook).max(50).optional(),
    instanceMaintenancePolicy: maintenancePolicy.optional(),
    terminationPolicies: z.array(z.string().min(1)).optional(),
    suspendedProcesses: setOf(z.string().min(1), 10).optional(),
    enabledMetrics: setOf(z.string().min(1), 30).optional(),
    metricsGranularity: z.literal("1Minute"),
    capacityRebalance: z.boolean().optional(),
    protectFromScaleIn: z.boolean(),
    serviceLinkedRoleArn: arn("iam").optional(),
    tags: z
      .array(z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256), propagateAtLaunch: z.boolean() }))
      .max(50)
      .optional(),
    /** How many must be healthy in every attached target group before a create is done. */
    minElbCapacity: size.optional(),
    /** Exactly this many, at a create and at each update; goes before minElbCapacity. */
    waitForElbCapacity: size.optional(),
    waitForCapacityTimeout: duration,
    ignoreFailedScalingActivities: z.boolean(),
    forceDelete: z.boolean(),
  })
  .refine((group) => group.minSize <= group.maxSize, "must have minSize <= maxSize")
  .refine(
    (group) => group.desiredCapacity === undefined || (group.minSize <= group.desiredCapacity && group.desiredCapacity <= group.maxSize),
    "must have minSize <= desiredCapacity <= maxSize",
  );

export type GroupInputs = z.infer<typeof groupInputs>;
