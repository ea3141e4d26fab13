import { z } from "zod";
import { Archive } from "../../property-values";
import { tags } from "../../tags";
import { arn, resourceId, setOf } from "../values";

const level = z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]);

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const functionInputs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w-]{1,64}$/, "must be 1-64 letters, digits, - or _")
      .optional(),
    code: z.instanceof(Archive, { message: "must be an archive (a folder, a zip file or parts of one's own)" }).optional(),
    s3Bucket: z.string().min(3).max(63).optional(),
    s3Key: z.string().min(1).max(1_024).optional(),
    s3ObjectVersion: z.string().min(1).max(1_024).optional(),
    /** Changes when the code does; what it is nobody looks at. */
    sourceCodeHash: z.string().optional(),
    role: arn("iam"),
    handler: z.string().regex(/^\S{1,128}$/, "must be 1-128 characters without spaces"),
    runtime: z.literal("nodejs24.x", "must be nodejs24.x, the runtime that the lab has"),
    description: z.string().max(256).optional(),
    /** MiB. */
    memorySize: z.int().min(128).max(10_240),
    /** Seconds. */
    timeout: z.int().min(1).max(900),
    environment: z
      .strictObject({ variables: z.record(z.string().regex(/^[a-zA-Z]\w+$/, "must be a variable's name"), z.string()).optional() })
      .optional(),
    vpcConfig: z
      .strictObject({
        subnetIds: setOf(resourceId("subnet"), 16),
        securityGroupIds: setOf(resourceId("sg"), 5),
        ipv6AllowedForDualStack: z.literal(false).optional(),
      })
      .optional(),
    architectures: z
      .array(z.enum(["x86_64", "arm64"]))
      .length(1)
      .optional(),
    /** -1: none are reserved; 0: it never runs. */
    reservedConcurrentExecutions: z.int().min(-1),
    loggingConfig: z
      .strictObject({
        logFormat: z.enum(["Text", "JSON"]),
        logGroup: z.string().min(1).max(512).optional(),
        applicationLogLevel: level.optional(),
        systemLogLevel: z.enum(["DEBUG", "INFO", "WARN"]).optional(),
      })
      .optional(),
    tracingConfig: z.strictObject({ mode: z.enum(["Active", "PassThrough"]) }).optional(),
    ephemeralStorage: z.strictObject({ size: z.int().min(512).max(10_240) }).optional(),
    kmsKeyArn: arn("kms").optional(),
    packageType: z.literal("Zip"),
    /** A new version with every change. */
    publish: z.boolean(),
    skipDestroy: z.boolean(),
    tags: tags.optional(),
  })
  .refine(
    (one) => (one.code === undefined) !== (one.s3Bucket === undefined && one.s3Key === undefined),
    "must have one of code, and s3Bucket with s3Key",
  )
  .refine((one) => (one.s3Bucket === undefined) === (one.s3Key === undefined), "must have s3Bucket and s3Key together");

export type FunctionInputs = z.infer<typeof functionInputs>;

export const functionDefaults = {
  memorySize: 128,
  timeout: 3,
  reservedConcurrentExecutions: -1,
  packageType: "Zip",
  publish: false,
  skipDestroy: false,
} as const;
