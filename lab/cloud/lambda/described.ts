import { type EventInvokeConfig, type FunctionVersion, LATEST, type LambdaFunction } from "./function";

/** A version of a function as every call that describes one answers it. @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
export function configurationOf(fn: LambdaFunction, { config, code, ...one }: FunctionVersion): Record<string, unknown> {
  const isLatest = one.version === LATEST;
  const hasVariables = Object.keys(config.environment).length > 0;
  return {
    FunctionName: config.name,
    FunctionArn: isLatest ? fn.arn : `${fn.arn}:${one.version}`,
    Runtime: config.runtime,
    Role: config.role,
    Handler: config.handler,
    CodeSize: code.size,
    Description: config.description,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMiB,
    LastModified: one.modifiedAt.toISOString().replace("Z", "+0000"),
    CodeSha256: code.sha256,
    Version: one.version,
    VpcConfig: {
      SubnetIds: config.vpc?.subnetIds ?? [],
      SecurityGroupIds: config.vpc?.securityGroupIds ?? [],
      VpcId: config.vpc?.vpcId ?? "",
      Ipv6AllowedForDualStack: false,
    },
    ...(hasVariables ? { Environment: { Variables: config.environment } } : {}),
    ...(config.kmsKeyArn ? { KMSKeyArn: config.kmsKeyArn } : {}),
    TracingConfig: { Mode: config.tracing },
    RevisionId: one.revisionId,
    State: fn.state,
    ...(fn.state === "Active" ? {} : { StateReason: fn.stateReason, StateReasonCode: fn.state === "Pending" ? "Creating" : "InternalError" }),
    LastUpdateStatus: fn.lastUpdate,
    PackageType: "Zip",
    Architectures: config.architectures,
    EphemeralStorage: { Size: config.ephemeralMiB },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: {
      LogFormat: config.logging.format,
      LogGroup: config.logging.group,
      ...(config.logging.format === "JSON"
        ? { ApplicationLogLevel: config.logging.applicationLevel, SystemLogLevel: config.logging.systemLevel }
        : {}),
    },
  };
}

export const eventInvokeOf = (fn: LambdaFunction, { modifiedAt, ...config }: EventInvokeConfig): Record<string, unknown> => ({
  LastModified: modifiedAt.getTime() / 1000,
  FunctionArn: `${fn.arn}:${LATEST}`,
  MaximumRetryAttempts: config.maximumRetryAttempts,
  MaximumEventAgeInSeconds: config.maximumAgeSeconds,
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});
