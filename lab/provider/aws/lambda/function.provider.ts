import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  ListVersionsByFunctionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { regionalResource } from "../../resource";
import { tagChanges } from "../../tags";
import { found, given } from "../found";
import { createFunction, publish, ready, updateCode, updateConfiguration } from "./function-calls";
import { functionDefaults, functionInputs } from "./function-inputs";

/** How API Gateway names a function. */
const invokeArn = (region: string, arn: string, how = "2015-03-31/functions", verb = "invocations"): string =>
  `arn:aws:apigateway:${region}:lambda:path/${how}/${arn}/${verb}`;

/** From a zip file, for Node.js 24. */
export const lambdaFunction = regionalResource({
  type: "aws:lambda/function:Function",
  inputs: functionInputs,
  onChange: {
    name: "replace",
    code: "update",
    s3Bucket: "update",
    s3Key: "update",
    s3ObjectVersion: "update",
    sourceCodeHash: "update",
    role: "update",
    handler: "update",
    runtime: "update",
    description: "update",
    memorySize: "update",
    timeout: "update",
    environment: "update",
    vpcConfig: "update",
    architectures: "update",
    reservedConcurrentExecutions: "update",
    loggingConfig: "update",
    tracingConfig: "update",
    ephemeralStorage: "update",
    kmsKeyArn: "update",
    packageType: "replace",
    publish: "update",
    skipDestroy: "update",
    tags: "update",
  },
  defaults: functionDefaults,
  autoname: { property: "name", maxLength: 64 },
  computed: {
    arn: "stable",
    invokeArn: "stable",
    responseStreamingInvokeArn: "stable",
    qualifiedArn: "changes",
    qualifiedInvokeArn: "changes",
    version: "changes",
    lastModified: "changes",
    codeSha256: "changes",
    sourceCodeSize: "changes",
  },
  async create(inputs, call) {
    await createFunction(inputs, call);
    return given(inputs.name, "name");
  },
  async settle(id, { reservedConcurrentExecutions: count }, call, after) {
    await ready(id, call);
    if (count >= 0) await call.aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions: count }));
    else if (after === "update") await call.aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: id }));
  },
  async read(id, known, { aws, region }) {
    const { Configuration, Tags, Concurrency } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: id }));
    const it = found(Configuration, `function ${id}`);
    const arn = given(it.FunctionArn, "FunctionArn");
    const { Versions } = await aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: id }));
    const version = known.publish ? (Versions?.at(-1)?.Version ?? "$LATEST") : "$LATEST";
    const hasVpc = (it.VpcConfig?.SubnetIds ?? []).length > 0;
    return {
      name: it.FunctionName,
      sourceCodeHash: known.sourceCodeHash ?? it.CodeSha256,
      role: it.Role,
      handler: it.Handler,
      runtime: it.Runtime,
      description: it.Description || undefined,
      memorySize: it.MemorySize,
      timeout: it.Timeout,
      environment: it.Environment?.Variables && { variables: it.Environment.Variables },
      vpcConfig: hasVpc
        ? {
            subnetIds: it.VpcConfig?.SubnetIds,
            securityGroupIds: it.VpcConfig?.SecurityGroupIds,
            vpcId: it.VpcConfig?.VpcId,
            ipv6AllowedForDualStack: it.VpcConfig?.Ipv6AllowedForDualStack ?? false,
          }
        : undefined,
      architectures: it.Architectures,
      reservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions ?? -1,
      loggingConfig: {
        logFormat: it.LoggingConfig?.LogFormat,
        logGroup: it.LoggingConfig?.LogGroup,
        applicationLogLevel: it.LoggingConfig?.ApplicationLogLevel,
        systemLogLevel: it.LoggingConfig?.SystemLogLevel,
      },
      tracingConfig: { mode: it.TracingConfig?.Mode },
      ephemeralStorage: { size: it.EphemeralStorage?.Size },
      kmsKeyArn: it.KMSKeyArn || undefined,
      packageType: it.PackageType,
      tagsAll: Tags ?? {},
      arn,
      invokeArn: invokeArn(region, arn),
      responseStreamingInvokeArn: invokeArn(region, arn, "2021-11-15/functions", "response-streaming-invocations"),
      qualifiedArn: `${arn}:${version}`,
      qualifiedInvokeArn: invokeArn(region, `${arn}:${version}`),
      version,
      lastModified: it.LastModified,
      codeSha256: it.CodeSha256,
      sourceCodeSize: it.CodeSize,
    };
  },
  async update(id, { olds, news, has }, call) {
    const isConfigured = has(...CONFIGURATION);
    const isCoded = has(...CODE);
    if (isConfigured) await updateConfiguration(id, news, call);
    if (isCoded) await updateCode(id, news, call);
    if (news.publish && (isConfigured || isCoded || has("publish"))) await publish(id, call);
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (Object.keys(set).length + remove.length === 0) return;
    const { Configuration } = await call.aws.lambda.send(new GetFunctionCommand({ FunctionName: id }));
    const Resource = Configuration?.FunctionArn;
    if (remove.length > 0) await call.aws.lambda.send(new UntagResourceCommand({ Resource, TagKeys: remove }));
    if (Object.keys(set).length > 0) await call.aws.lambda.send(new TagResourceCommand({ Resource, Tags: set }));
  },
  async delete(id, { skipDestroy }, { aws }) {
    if (!skipDestroy) await aws.lambda.send(new DeleteFunctionCommand({ FunctionName: id }));
  },
});

const CODE = ["code", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash", "architectures"] as const;
const CONFIGURATION = [
  "role",
  "handler",
  "runtime",
  "description",
  "memorySize",
  "timeout",
  "environment",
  "vpcConfig",
  "loggingConfig",
  "tracingConfig",
  "ephemeralStorage",
  "kmsKeyArn",
] as const;
