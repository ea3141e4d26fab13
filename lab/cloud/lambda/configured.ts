import type { FunctionConfig, LoggingConfig, VpcConfig } from "./function";
import type { ConfigurationInput, CreateInput } from "./function-input";

/** A new function, with Lambda's defaults. @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export function newConfig(name: string, input: CreateInput, vpc: VpcConfig | undefined): FunctionConfig {
  const defaults: FunctionConfig = {
    name,
    description: "",
    handler: input.Handler,
    runtime: input.Runtime,
    role: input.Role,
    memoryMiB: 128,
    timeoutSeconds: 3,
    environment: {},
    architectures: input.Architectures ?? ["x86_64"],
    ephemeralMiB: 512,
    tracing: "PassThrough",
    kmsKeyArn: undefined,
    vpc: undefined,
    logging: { format: "Text", group: `/aws/lambda/${name}`, applicationLevel: undefined, systemLevel: undefined },
  };
  return changedConfig(defaults, input, vpc);
}

/** What is not given stays as it is. */
export function changedConfig(config: FunctionConfig, input: ConfigurationInput, vpc: VpcConfig | undefined): FunctionConfig {
  return {
    ...config,
    description: input.Description ?? config.description,
    handler: input.Handler ?? config.handler,
    runtime: input.Runtime ?? config.runtime,
    role: input.Role ?? config.role,
    memoryMiB: input.MemorySize ?? config.memoryMiB,
    timeoutSeconds: input.Timeout ?? config.timeoutSeconds,
    environment: input.Environment ? (input.Environment.Variables ?? {}) : config.environment,
    ephemeralMiB: input.EphemeralStorage?.Size ?? config.ephemeralMiB,
    tracing: input.TracingConfig?.Mode ?? config.tracing,
    kmsKeyArn: input.KMSKeyArn === undefined ? config.kmsKeyArn : input.KMSKeyArn || undefined,
    vpc: input.VpcConfig ? vpc : config.vpc,
    logging: input.LoggingConfig ? loggingConfig(config.logging, input.LoggingConfig) : config.logging,
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html */
function loggingConfig(known: LoggingConfig, input: NonNullable<ConfigurationInput["LoggingConfig"]>): LoggingConfig {
  const format = input.LogFormat ?? known.format;
  const isJson = format === "JSON";
  return {
    format,
    group: input.LogGroup ?? known.group,
    applicationLevel: isJson ? (input.ApplicationLogLevel ?? known.applicationLevel ?? "INFO") : undefined,
    systemLevel: isJson ? (input.SystemLogLevel ?? known.systemLevel ?? "INFO") : undefined,
  };
}
