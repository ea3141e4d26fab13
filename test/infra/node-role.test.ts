import { NodeRole } from "../../infra/node-role";
import { only, record, type Recorded } from "./record";

const secretArns = ["token-AbCdEf", "cookie-GhIjKl"].map((name) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`);
let made: Recorded[];

beforeAll(async () => {
  const place = { partition: "aws", region: "us-east-1", accountId: "123456789012", stack: "prod" };
  made = await record(
    () =>
      new NodeRole("nodes", {
        ...place,
        releasesBucketArn: "arn:aws:s3:::releases",
        backupsBucketArn: "arn:aws:s3:::backups",
        secretArns,
        kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
      }),
  );
});

test("a node may fetch releases, read exactly the stack's secrets, keep diagnoses, tell events, complete its own hooks and be replaced", () => {
  const { policy } = only(made, "aws:iam/rolePolicy:RolePolicy", "nodes");
  expect(JSON.parse(policy as string)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FetchReleases",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::releases/releases/*", "arn:aws:s3:::releases/runtime/*"],
      },
      { Sid: "SeeReleases", Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::releases" },
      { Sid: "ReadSecrets", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArns },
      {
        Sid: "DecryptBoth",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "arn:aws:kms:us-east-1:123456789012:key/k",
        Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"] } },
      },
      { Sid: "KeepDiagnoses", Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::backups/diagnoses/*" },
      {
        Sid: "EncryptDiagnoses",
        Effect: "Allow",
        Action: "kms:GenerateDataKey",
        Resource: "arn:aws:kms:us-east-1:123456789012:key/k",
        Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
      },
      {
        Sid: "CompleteOwnHooks",
        Effect: "Allow",
        Action: "autoscaling:CompleteLifecycleAction",
        Resource: "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/nplus1-prod-????????????",
      },
      {
        Sid: "BeReplaced",
        Effect: "Allow",
        Action: "autoscaling:SetInstanceHealth",
        Resource: "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/nplus1-prod-????????????",
      },
      {
        Sid: "TellEvents",
        Effect: "Allow",
        Action: "events:PutEvents",
        Resource: "arn:aws:events:us-east-1:123456789012:event-bus/nplus1-prod",
      },
    ],
  });
});

test("only EC2 may take the role, and Systems Manager works with its nodes", () => {
  const { assumeRolePolicy } = only(made, "aws:iam/role:Role", "nodes");
  expect(JSON.parse(assumeRolePolicy as string)).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  expect(only(made, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "nodes-ssm")).toEqual({
    role: "nodes-1234567",
    policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
  });
  expect(only(made, "aws:iam/instanceProfile:InstanceProfile", "nodes")).toEqual({ role: "nodes-1234567" });
});
