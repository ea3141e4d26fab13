import * as pulumi from "@pulumi/pulumi";
import * as iam from "@pulumi/aws/iam";
import { fleetName, SHORT_DIGEST } from "./fleet-name";

export interface NodeRoleArgs {
  partition: string;
  region: string;
  accountId: string;
  stack: string;
  releasesBucketArn: pulumi.Input<string>;
  authSecretArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
}

/** What a node may do: read releases, read the store's token, and say of itself that it is ready or gone. */
export class NodeRole extends pulumi.ComponentResource {
  readonly instanceProfileArn: pulumi.Output<string>;

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:NodeRole", name, {}, opts);
    const child = { parent: this };
    const role = new iam.Role(name, { description: "nodes of the nplus1 stack", assumeRolePolicy: JSON.stringify(trust) }, child);
    const policy = pulumi
      .all([args.releasesBucketArn, args.authSecretArn, args.kmsKeyArn])
      .apply(([releases, secret, key]) => nodePolicy(args, releases, secret, key));
    new iam.RolePolicy(name, { role: role.id, policy }, child);
    const ssmCore = `arn:${args.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`;
    new iam.RolePolicyAttachment(`${name}-ssm`, { role: role.name, policyArn: ssmCore }, child);
    const profile = new iam.InstanceProfile(name, { role: role.name }, child);
    this.instanceProfileArn = profile.arn;
    this.registerOutputs({ instanceProfileArn: this.instanceProfileArn });
  }
}

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

function nodePolicy({ partition, region, accountId, stack }: NodeRoleArgs, releases: string, secret: string, key: string): string {
  const services = ["s3", "secretsmanager"].map((service) => `${service}.${region}.amazonaws.com`);
  // The * is the group's UUID, which nobody knows before it is made; the question marks are a release's name.
  const ownGroups = `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${fleetName(stack, "?".repeat(SHORT_DIGEST))}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "FetchReleases", Effect: "Allow", Action: "s3:GetObject", Resource: [`${releases}/releases/*`, `${releases}/runtime/*`] },
      // With it a missing release is answered as missing, not as forbidden.
      { Sid: "SeeReleases", Effect: "Allow", Action: "s3:ListBucket", Resource: releases },
      { Sid: "ReadStoreToken", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret },
      { Sid: "DecryptBoth", Effect: "Allow", Action: "kms:Decrypt", Resource: key, Condition: { StringEquals: { "kms:ViaService": services } } },
      { Sid: "CompleteOwnHooks", Effect: "Allow", Action: "autoscaling:CompleteLifecycleAction", Resource: ownGroups },
    ],
  });
}
