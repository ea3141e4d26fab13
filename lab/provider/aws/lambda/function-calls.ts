import {
  CreateFunctionCommand,
  type Environment,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  type LoggingConfig,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type VpcConfig,
} from "@aws-sdk/client-lambda";
import type { Call } from "../../resource";
import type { Probe } from "../../wait";
import { archiveZip } from "./archive-zip";
import type { FunctionInputs } from "./function-inputs";

/** Seconds for a role that was just made to be known to Lambda, and for a function to be ready; the real provider's. */
const ROLE_LIMIT_SECONDS = 300;
const READY_LIMIT_SECONDS = 600;

/** What Lambda says of a role whose policies have not arrived yet. */
const ROLE_NOT_THERE_YET = /cannot be assumed by Lambda|does not have permissions to call/;

/** Runs a call again while Lambda does not know the role yet. */
export function onceRoleIsKnown<T>(what: string, action: () => Promise<T>, call: Call): Promise<T> {
  return call.waitFor(what, ROLE_LIMIT_SECONDS, async (): Promise<Probe<T>> => {
    try {
      return { done: await action() };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "InvalidParameterValueException" && ROLE_NOT_THERE_YET.test(message)) return { seen: message };
      throw error;
    }
  });
}

/** Waits until what was asked for is what runs. @throws when Lambda says that it cannot be. */
export function ready(name: string, call: Call): Promise<GetFunctionCommandOutput> {
  return call.waitFor(`function ${name} to be ready`, READY_LIMIT_SECONDS, async (): Promise<Probe<GetFunctionCommandOutput>> => {
    const found = await call.aws.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = found.Configuration ?? {};
    if (State === "Failed" || LastUpdateStatus === "Failed")
      throw new Error(`function ${name}: ${StateReason ?? LastUpdateStatusReason ?? "failed"}`);
    return State === "Active" && LastUpdateStatus === "Successful" ? { done: found } : { seen: `${State}, last update ${LastUpdateStatus}` };
  });
}

async function codeOf(inputs: FunctionInputs) {
  if (inputs.code) return { ZipFile: await archiveZip(inputs.code) };
  return { S3Bucket: inputs.s3Bucket, S3Key: inputs.s3Key, S3ObjectVersion: inputs.s3ObjectVersion };
}

/** What is left out is what it is when nothing was ever said. */
const configurationOf = (inputs: FunctionInputs) => ({
  Role: inputs.role,
  Handler: inputs.handler,
  Runtime: inputs.runtime,
  Description: inputs.description ?? "",
  MemorySize: inputs.memorySize,
  Timeout: inputs.timeout,
  Environment: { Variables: inputs.environment?.variables ?? {} } satisfies Environment,
  VpcConfig: { SubnetIds: inputs.vpcConfig?.subnetIds ?? [], SecurityGroupIds: inputs.vpcConfig?.securityGroupIds ?? [] } satisfies VpcConfig,
  TracingConfig: { Mode: inputs.tracingConfig?.mode ?? "PassThrough" } as const,
  EphemeralStorage: { Size: inputs.ephemeralStorage?.size ?? 512 },
  KMSKeyArn: inputs.kmsKeyArn ?? "",
  LoggingConfig: {
    LogFormat: inputs.loggingConfig?.logFormat ?? "Text",
    LogGroup: inputs.loggingConfig?.logGroup ?? `/aws/lambda/${inputs.name}`,
    ApplicationLogLevel: inputs.loggingConfig?.applicationLogLevel,
    SystemLogLevel: inputs.loggingConfig?.systemLogLevel,
  } satisfies LoggingConfig,
});

export async function createFunction(inputs: FunctionInputs & { tagsAll: Record<string, string> }, call: Call): Promise<void> {
  const command = new CreateFunctionCommand({
    ...configurationOf(inputs),
    FunctionName: inputs.name,
    Code: await codeOf(inputs),
    Architectures: inputs.architectures,
    PackageType: inputs.packageType,
    Publish: inputs.publish,
    Tags: inputs.tagsAll,
  });
  await onceRoleIsKnown(`the role of function ${inputs.name}`, () => call.aws.lambda.send(command), call);
}

export async function updateConfiguration(name: string, inputs: FunctionInputs, call: Call): Promise<void> {
  const command = new UpdateFunctionConfigurationCommand({ FunctionName: name, ...configurationOf(inputs) });
  await onceRoleIsKnown(`the role of function ${name}`, () => call.aws.lambda.send(command), call);
  await ready(name, call);
}

export async function updateCode(name: string, inputs: FunctionInputs, call: Call): Promise<void> {
  const { architectures: Architectures } = inputs;
  await call.aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, Architectures, ...(await codeOf(inputs)) }));
  await ready(name, call);
}

export async function publish(name: string, call: Call): Promise<void> {
  await call.aws.lambda.send(new PublishVersionCommand({ FunctionName: name }));
}
