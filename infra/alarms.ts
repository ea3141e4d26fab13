import * as pulumi from "@pulumi/pulumi";
import * as sns from "@pulumi/aws/sns";

export interface AlarmsArgs {
  accountId: string;
  partition: string;
  region: string;
  stack: string;
  /** Its policy lets CloudWatch publish. */
  kmsKeyArn: pulumi.Input<string>;
  /** Who is told, after the address has confirmed it; empty: nobody. */
  email: string;
}

/** Where all alarms of the stack go: one topic, which people and programs subscribe to. */
export class Alarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Alarms", name, {}, opts);
    const child = { parent: this };
    const topic = new sns.Topic(name, { displayName: `nplus1 ${args.stack}`.slice(0, MOST_DISPLAYED), kmsMasterKeyId: args.kmsKeyArn }, child);
    new sns.TopicPolicy(`${name}-policy`, { arn: topic.arn, policy: topic.arn.apply((arn) => topicPolicy(arn, args)) }, child);
    if (args.email) new sns.TopicSubscription(`${name}-email`, { topic: topic.arn, protocol: "email", endpoint: args.email }, child);
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** Characters, an SNS limit. @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
const MOST_DISPLAYED = 100;

/** In place of AWS's own, which lets the account's users do everything by the policy of the topic; here they do it by theirs. */
function topicPolicy(topicArn: string, { accountId, partition, region }: AlarmsArgs): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        // @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
        },
      },
    ],
  });
}
