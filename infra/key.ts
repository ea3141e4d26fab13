import * as pulumi from "@pulumi/pulumi";
import * as kms from "@pulumi/aws/kms";

export interface KeyArgs {
  accountId: string;
  partition: string;
  region: string;
  /** Outlives the stack, like the buckets that it encrypts: without it nobody could read them. */
  retain: boolean;
}

/** Days between the deletion of the stack and of its key (7-30, a KMS limit): until then what it encrypts can be read again. */
const DELETION_WINDOW_DAYS = 30;

/** The one key that encrypts what the stack stores. */
export class Key extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: KeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Key", name, {}, opts);
    const key = new kms.Key(
      name,
      {
        description: "encrypts what the nplus1 stack stores",
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: keyPolicy(args),
      },
      { parent: this, retainOnDelete: args.retain },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Inside a key policy "*" is the key itself. @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html */
function keyPolicy({ accountId, partition, region }: KeyArgs): string {
  // As a condition, not as a principal: KMS refuses a principal that is not there yet, and AWS makes this role with an account's first group.
  const byGroups = {
    "kms:CallerAccount": accountId,
    "kms:ViaService": `ec2.${region}.amazonaws.com`,
    "aws:PrincipalArn": `arn:${partition}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministersByItsPolicies",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        // The disks of nodes that a group launches. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
        Sid: "GroupsUseItForDisks",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        Condition: { StringEquals: byGroups },
      },
      {
        Sid: "GroupsGrantItToDisks",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { StringEquals: byGroups, Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
      {
        // Without it alarms turn, and nobody is told. @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        Sid: "AlarmsAreToldThroughTheTopic",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
        },
      },
    ],
  });
}
