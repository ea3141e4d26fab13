import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as ssm from "@pulumi/aws/ssm";
import { SENTINEL_VARIABLE, type SentinelConfig } from "../contract/sentinel";
import { retentionDays } from "./retention";
import { everyMinute } from "./every-minute";
import { SentinelAccess, type SentinelAccessArgs } from "./sentinel-access";
import { type SentinelPlace, sentinelPolicy } from "./sentinel-policy";

export interface SentinelArgs extends SentinelPlace, SentinelAccessArgs {
  /** The project's folder, where dist/ is built. */
  project: string;
  subnetIds: pulumi.Input<string>[];
  busArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  logDays: number;
  watched: pulumi.Input<Omit<SentinelConfig, "restartDocument">>;
  /** What there must be before there is something to watch. */
  after: pulumi.Resource[];
}

/** Seconds: a run looks for about 50 of them, and the next one begins after 60. */
const TIMEOUT_SECONDS = 60;
const MEMORY_MIB = 256;

/** A function that acts for nodes which cannot act for themselves. */
export class Sentinel extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: SentinelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Sentinel", name, {}, opts);
    const child = { parent: this };
    const document = new ssm.Document(`${name}-restart-agent`, { documentType: "Command", documentFormat: "JSON", content: RESTART_AGENT }, child);
    const logs = new cloudwatch.LogGroup(name, { name: `/nplus1/${args.stack}/sentinel`, retentionInDays: retentionDays(args.logDays) }, child);
    const role = new iam.Role(name, { description: "sentinel of the nplus1 stack", assumeRolePolicy: TRUST }, child);
    const functionArns = `arn:${args.partition}:lambda:${args.region}:${args.accountId}:function:${name}-*`;
    const policy = pulumi
      .all([args.watched, args.kmsKeyArn, args.busArn, document.arn, logs.arn])
      .apply(([{ sessionStore }, kmsKeyArn, busArn, documentArn, logGroupArn]) =>
        sentinelPolicy(args, { secretArn: sessionStore.authSecretArn, kmsKeyArn, busArn, documentArn, logGroupArn, functionArns }),
      );
    const rights = new iam.RolePolicy(name, { role: role.id, policy }, child);
    const access = new SentinelAccess(`${name}-access`, args, child);
    const config = pulumi.all([args.watched, document.name]).apply(([watched, restartDocument]): SentinelConfig => ({ ...watched, restartDocument }));
    const fn = new lambda.Function(
      name,
      {
        description: "restarts the agents of nodes that are silent, and has nodes replaced that stay so",
        code: new pulumi.asset.FileArchive(join(args.project, "dist/lambda/sentinel")),
        handler: "index.handler",
        runtime: lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        role: role.arn,
        timeout: TIMEOUT_SECONDS,
        memorySize: MEMORY_MIB,
        // Two of them would do everything twice.
        reservedConcurrentExecutions: 1,
        vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [access.securityGroupId] },
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        environment: { variables: { [SENTINEL_VARIABLE]: config.apply((value) => JSON.stringify(value)) } },
      },
      { ...child, dependsOn: [rights, access, ...args.after] },
    );
    everyMinute(name, { accountId: args.accountId, functionArn: fn.arn }, child);
    this.functionName = fn.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** SIGKILL first: an agent that is stopped or hangs would not heed systemd's request, and systemd would wait for 90 s. */
const RESTART_AGENT = JSON.stringify({
  schemaVersion: "2.2",
  description: "nplus1: restarts the agent of a node that is not heard of",
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: "restartAgent",
      inputs: {
        timeoutSeconds: "30",
        runCommand: ["systemctl kill --signal=SIGKILL nplus1-agent.service || true", "systemctl restart nplus1-agent.service"],
      },
    },
  ],
});
