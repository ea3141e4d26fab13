import type { Statement } from "./resource-policy";

/** A function as it was asked for. */
export interface FunctionConfig {
  name: string;
  description: string;
  handler: string;
  /** nodejs24.x */
  runtime: string;
  /** ARN. */
  role: string;
  memoryMiB: number;
  timeoutSeconds: number;
  environment: Readonly<Record<string, string>>;
  architectures: readonly string[];
  ephemeralMiB: number;
  tracing: string;
  kmsKeyArn: string | undefined;
  vpc: VpcConfig | undefined;
  logging: LoggingConfig;
}

export interface VpcConfig {
  vpcId: string;
  subnetIds: readonly string[];
  securityGroupIds: readonly string[];
}

export interface LoggingConfig {
  format: "Text" | "JSON";
  group: string;
  /** In the JSON format only. */
  applicationLevel: string | undefined;
  systemLevel: string | undefined;
}

export interface FunctionCode {
  /** SHA-256 of the archive, base64. */
  sha256: string;
  /** Bytes of the archive. */
  size: number;
  /** Folder of this machine with what was in it. */
  taskDir: string;
}

/** Code and configuration at one moment: `$LATEST`, or a published number that never changes. */
export interface FunctionVersion {
  version: string;
  config: FunctionConfig;
  code: FunctionCode;
  revisionId: string;
  /** Of a published version: the revision that it was. */
  revisionOf: string | undefined;
  modifiedAt: Date;
}

/** What becomes of asynchronous events. @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export interface EventInvokeConfig {
  modifiedAt: Date;
  maximumRetryAttempts: number | undefined;
  maximumAgeSeconds: number | undefined;
  onSuccess: string | undefined;
  onFailure: string | undefined;
}

export interface LambdaFunction {
  arn: string;
  /** Pending until its network is there. @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
  state: "Pending" | "Active" | "Failed";
  stateReason: string;
  lastUpdate: "InProgress" | "Successful" | "Failed";
  latest: FunctionVersion;
  /** What runs: the one before, until an update is done. */
  serving: FunctionVersion;
  published: FunctionVersion[];
  tags: Record<string, string>;
  policy: Statement[];
  reservedConcurrency: number | undefined;
  eventInvoke: EventInvokeConfig | undefined;
}

export const LATEST = "$LATEST";
