import { z } from "zod";

/** Names that Lambda sets itself. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

/** Bytes of all variables together. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENVIRONMENT_BYTES = 4096;

const variables = z
  .record(z.string().regex(/^[a-zA-Z]\w+$/, "must be letters, digits and _, beginning with a letter"), z.string())
  .superRefine((all, context) => {
    const reserved = Object.keys(all).filter((key) => RESERVED.has(key));
    if (reserved.length > 0) {
      const why = "the environment variables you have provided contains reserved keys that are currently not supported for modification";
      context.addIssue(
        `Lambda was unable to configure your environment variables because ${why}. Reserved keys used in this request: ${reserved.join(", ")}`,
      );
    }
    if (Buffer.byteLength(JSON.stringify(all)) > ENVIRONMENT_BYTES) {
      context.addIssue(`Lambda was unable to configure your environment variables because they have exceeded the ${ENVIRONMENT_BYTES} bytes limit.`);
    }
  });

const level = z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]);

/** What an update may change too. @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
const configuration = {
  Description: z.string().max(256),
  Handler: z.string().regex(/^\S{1,128}$/, "must be 1-128 characters without spaces"),
  Runtime: z.literal("nodejs24.x", "must be nodejs24.x, the runtime that the lab has"),
  Role: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, "must be the ARN of a role"),
  MemorySize: z.int().min(128).max(10_240),
  Timeout: z.int().min(1).max(900),
  Environment: z.strictObject({ Variables: variables.optional() }),
  EphemeralStorage: z.strictObject({ Size: z.int().min(512).max(10_240) }),
  TracingConfig: z.strictObject({ Mode: z.enum(["Active", "PassThrough"]).optional() }),
  KMSKeyArn: z.string().max(2_048),
  VpcConfig: z.strictObject({
    SubnetIds: z.array(z.string()).max(16).optional(),
    SecurityGroupIds: z.array(z.string()).max(5).optional(),
    Ipv6AllowedForDualStack: z.literal(false).optional(),
  }),
  LoggingConfig: z.strictObject({
    LogFormat: z.enum(["Text", "JSON"]).optional(),
    ApplicationLogLevel: level.optional(),
    SystemLogLevel: z.enum(["DEBUG", "INFO", "WARN"]).optional(),
    LogGroup: z
      .string()
      .regex(/^[\w./#-]{1,512}$/, "must be 1-512 letters, digits or _./#-")
      .optional(),
  }),
};

const source = {
  /** Base64. */
  ZipFile: z.string().optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  S3ObjectVersion: z.string().optional(),
};

export const createInput = z.strictObject({
  ...z.object(configuration).partial().shape,
  FunctionName: z.string(),
  Handler: configuration.Handler,
  Runtime: configuration.Runtime,
  Role: configuration.Role,
  Code: z.strictObject(source),
  PackageType: z.literal("Zip").optional(),
  Architectures: z
    .array(z.enum(["x86_64", "arm64"]))
    .length(1)
    .optional(),
  Publish: z.boolean().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

export const updateConfigurationInput = z.strictObject({ ...z.object(configuration).partial().shape, RevisionId: z.string().optional() });

export const updateCodeInput = z.strictObject({
  ...source,
  Architectures: createInput.shape.Architectures,
  Publish: z.boolean().optional(),
  DryRun: z.boolean().optional(),
  RevisionId: z.string().optional(),
});

export type CreateInput = z.infer<typeof createInput>;
export type ConfigurationInput = Partial<Omit<z.infer<typeof updateConfigurationInput>, "RevisionId">>;
export type CodeSource = z.infer<typeof createInput.shape.Code>;
