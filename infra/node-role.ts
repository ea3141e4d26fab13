import * as pulumi from "@pulumi/pulumi";
import * as iam from "@pulumi/aws/iam";
import { DIAGNOSES_PREFIX } from "../contract/diagnoses";
import { eventBusName } from "../contract/events";
import { fleetName, SHORT_DIGEST } from "./fleet-name";

export interface NodeRoleArgs {
  partition: string;
  region: string;
  accountId: string;
  stack: string;
  releasesBucketArn: pulumi.Input<string>;
  backupsBucketArn: pulumi.Input<string>;
  /** What a node reads from Secrets Manager. */
  secretArns: pulumi.Input<string>[];
  kmsKeyArn: pulumi.Input<string>;
}

/** What a node may do: read releases and the stack's secrets, keep what it finds, and say of itself that it is ready, ill or gone. */
export class NodeRole extends pulumi.ComponentResource {
  readonly instanceProfileArn: pulumi.Output<string>;

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:NodeRole", name, {}, opts);
    const child = { parent: this };
    const role = new iam.Role(name, { description: "nodes of the nplus1 stack", assumeRolePolicy: JSON.stringify(trust) }, child);
    const policy = pulumi
      .all([args.releasesBucketArn, args.backupsBucketArn, pulumi.all(args.secretArns), args.kmsKeyArn])
      .apply(([releases, backups, secrets, key]) => nodePolicy(args, { releases, backups, secrets, key }));
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

interface Resources {
  releases: string;
  backups: string;
  secrets: string[];
  key: string;
}

function nodePolicy({ partition, region, accountId, stack }: NodeRoleArgs, { releases, backups, secrets, key }: Resources): string {
  const via = (...services: string[]) => ({ StringEquals: { "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`) } });
  // The * is the group's UUID, which nobody knows before it is made; the question marks are a release's name.
  const ownGroups = `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${fleetName(stack, "?".repeat(SHORT_DIGEST))}`;
  const bus = `arn:${partition}:events:${region}:${accountId}:event-bus/${eventBusName(stack)}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "FetchReleases", Effect: "Allow", Action: "s3:GetObject", Resource: [`${releases}/releases/*`, `${releases}/runtime/*`] },
      // With it a missing release is answered as missing, not as forbidden.
      { Sid: "SeeReleases", Effect: "Allow", Action: "s3:ListBucket", Resource: releases },
      { Sid: "ReadSecrets", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secrets },
      { Sid: "DecryptBoth", Effect: "Allow", Action: "kms:Decrypt", Resource: key, Condition: via("s3", "secretsmanager") },
      { Sid: "KeepDiagnoses", Effect: "Allow", Action: "s3:PutObject", Resource: `${backups}/${DIAGNOSES_PREFIX}*` },
      { Sid: "EncryptDiagnoses", Effect: "Allow", Action: "kms:GenerateDataKey", Resource: key, Condition: via("s3") },
      { Sid: "CompleteOwnHooks", Effect: "Allow", Action: "autoscaling:CompleteLifecycleAction", Resource: ownGroups },
      // A node that does not get well asks its group to replace it.
      { Sid: "BeReplaced", Effect: "Allow", Action: "autoscaling:SetInstanceHealth", Resource: ownGroups },
      { Sid: "TellEvents", Effect: "Allow", Action: "events:PutEvents", Resource: bus },
    ],
  });
}
