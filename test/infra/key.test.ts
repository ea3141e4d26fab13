import { Key } from "../../infra/key";
import { only, record, resource } from "./record";

const program = (retain: boolean) => () => new Key("key", { accountId: "123456789012", partition: "aws", region: "us-east-1", retain });

test("the key rotates, and can be had back for 30 days", async () => {
  expect(only(await record(program(true)), "aws:kms/key:Key", "key")).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
});

test("the key outlives the stack when what it encrypts does", async () => {
  for (const retain of [true, false]) expect(resource(await record(program(retain)), "aws:kms/key:Key", "key").retainOnDelete).toBe(retain);
});

test("besides the account's own policies, only Auto Scaling may use it for disks, and CloudWatch for what its alarms say", async () => {
  const { policy } = only(await record(program(true)), "aws:kms/key:Key", "key");
  const { Statement } = JSON.parse(policy as string) as { Statement: object[] };
  const byGroups = {
    "kms:CallerAccount": "123456789012",
    "kms:ViaService": "ec2.us-east-1.amazonaws.com",
    "aws:PrincipalArn": "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
  };
  expect(Statement).toEqual([
    {
      Sid: "AccountAdministersByItsPolicies",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "kms:*",
      Resource: "*",
    },
    {
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
      Sid: "AlarmsAreToldThroughTheTopic",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" },
      },
    },
  ]);
});
