import { Alarms } from "../../infra/alarms";
import { only, record, type Recorded } from "./record";

const PLACE = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "prod", kmsKeyArn: "arn:aws:kms:k" };
const program = (email: string): Promise<Recorded[]> => record(() => new Alarms("alarms", { ...PLACE, email }));

test("there is one topic, encrypted with the stack's key", async () => {
  expect(only(await program(""), "aws:sns/topic:Topic", "alarms")).toEqual({ displayName: "nplus1 prod", kmsMasterKeyId: "arn:aws:kms:k" });
});

test("only this account's alarms publish, and only by TLS", async () => {
  const { arn, policy } = only(await program(""), "aws:sns/topicPolicy:TopicPolicy", "alarms-policy");
  expect(arn).toBe("arn:aws:sns:us-east-1:123456789012:alarms");
  expect(JSON.parse(policy as string)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: arn,
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" },
        },
      },
    ],
  });
});

test("who is named gets them by e-mail, and without a name nobody does", async () => {
  expect(only(await program("ops@example.com"), "aws:sns/topicSubscription:TopicSubscription", "alarms-email")).toEqual({
    topic: "arn:aws:sns:us-east-1:123456789012:alarms",
    protocol: "email",
    endpoint: "ops@example.com",
  });
  expect((await program("")).map(({ type }) => type)).not.toContain("aws:sns/topicSubscription:TopicSubscription");
});
