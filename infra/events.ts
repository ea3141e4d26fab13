import * as pulumi from "@pulumi/pulumi";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { eventBusName } from "../contract/events";
import { retentionDays } from "./retention";

export interface EventsArgs {
  accountId: string;
  partition: string;
  region: string;
  stack: string;
  logDays: number;
}

/** Every step of every repair: a bus of the stack's own, whose events are kept in a log group and are there for other programs' rules. */
export class Events extends pulumi.ComponentResource {
  readonly busArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: EventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Events", name, {}, opts);
    const child = { parent: this };
    const bus = new cloudwatch.EventBus(name, { name: eventBusName(args.stack) }, child);
    const group = new cloudwatch.LogGroup(name, { name: `/nplus1/${args.stack}/events`, retentionInDays: retentionDays(args.logDays) }, child);
    const policyDocument = group.arn.apply(logPolicy);
    const policy = new cloudwatch.LogResourcePolicy(name, { policyName: `nplus1-${args.stack}-events`, policyDocument }, child);
    const eventPattern = JSON.stringify({ source: [{ prefix: "nplus1." }] });
    const rule = new cloudwatch.EventRule(name, { eventBusName: bus.name, description: "keeps what nplus1 tells", eventPattern }, child);
    const kept = { rule: rule.name, eventBusName: bus.name, targetId: "log", arn: group.arn };
    new cloudwatch.EventTarget(`${name}-log`, kept, { ...child, dependsOn: policy });
    this.busArn = bus.arn;
    this.logGroupName = group.name;
    this.registerOutputs({ busArn: this.busArn });
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions */
const logPolicy = (groupArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "KeepEvents",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${groupArn}:*`,
      },
    ],
  });
