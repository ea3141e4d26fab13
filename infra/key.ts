import * as pulumi from "@pulumi/pulumi";
import * as kms from "@pulumi/aws/kms";

export interface KeyArgs {
  accountId: pulumi.Input<string>;
  partition: pulumi.Input<string>;
  region: pulumi.Input<string>;
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
        policy: pulumi.all([args.accountId, args.partition, args.region]).apply(([accountId, partition, region]) => keyPolicy(accountId, partition, region)),
      },
      { parent: this },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Inside a key policy "*" is the key itself. @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html */
function keyPolicy(accountId: string, partition: string, region: string): string {
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
        // The volumes of nodes that the group launches. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
        Sid: "GroupsLaunchNodesWithEncryptedVolumes",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey", "kms:CreateGrant"],
        Resource: "*",
        Condition: { StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` } },
      },
    ],
  });
}
