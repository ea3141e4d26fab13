import * as pulumi from "@pulumi/pulumi";
import * as iam from "@pulumi/aws/iam";
import { fleetName, SHORT_DIGEST } from "./fleet-name";

export interface NodeRoleArgs {
  partition: pulumi.Input<string>;
  region: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
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
    const policy = pulumi.all([args.partition, args.region, args.accountId, args.releasesBucketArn, args.authSecretArn, args.kmsKeyArn]).apply(
      ([partition, region, accountId, releases, secret, key]) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Sid: "FetchReleases", Effect: "Allow", Action: "s3:GetObject", Resource: [`${releases}/releases/*`, `${releases}/runtime/*`] },
            // With it a missing release is answered as missing, not as forbidden.
            { Sid: "SeeReleases", Effect: "Allow", Action: "s3:ListBucket", Resource: releases },
            { Sid: "ReadStoreToken", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret },
            { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: key },
            {
              Sid: "CompleteOwnHooks",
              Effect: "Allow",
              Action: "autoscaling:CompleteLifecycleAction",
              // The * is the group's UUID, which nobody knows before it is made; the question marks are a release's name.
              Resource: `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${fleetName(args.stack, "?".repeat(SHORT_DIGEST))}`,
            },
          ],
        }),
    );
    const grants = new iam.RolePolicy(name, { role: role.id, policy }, child);
    const ssmCore = pulumi.interpolate`arn:${args.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`;
    new iam.RolePolicyAttachment(`${name}-ssm`, { role: role.name, policyArn: ssmCore }, child);
    const profile = new iam.InstanceProfile(name, { role: role.name }, child);
    // A node that starts may do what it must.
    this.instanceProfileArn = pulumi.all([profile.arn, grants.id]).apply(([arn]) => arn);
    this.registerOutputs({ instanceProfileArn: this.instanceProfileArn });
  }
}

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
