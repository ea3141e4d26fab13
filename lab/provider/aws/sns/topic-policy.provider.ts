import { GetTopicAttributesCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { arn, jsonDocument } from "../values";

/** The policy that a topic has until it gets one of its own, and has again without it. @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
const DEFAULT_ID = "__default_policy_ID";

const set = (topic: string, policy: string, { aws }: Call) =>
  aws.sns.send(new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: "Policy", AttributeValue: policy }));

export const topicPolicy = regionalResource({
  type: "aws:sns/topicPolicy:TopicPolicy",
  /** @see https://docs.aws.amazon.com/general/latest/gr/sns.html (30 kB) */
  inputs: z.strictObject({ arn: arn("sns"), policy: jsonDocument(30_720) }),
  onChange: { arn: "replace", policy: "update" },
  computed: { owner: "stable" },
  async create(inputs, call) {
    await set(inputs.arn, inputs.policy, call);
    return inputs.arn;
  },
  async read(id, _, { aws }) {
    const { Attributes } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: id }));
    if (isDefault(Attributes?.Policy)) return undefined;
    return { arn: id, policy: Attributes?.Policy, owner: Attributes?.Owner };
  },
  async update(id, { news }, call) {
    await set(id, news.policy, call);
  },
  async delete(id, state, call) {
    await set(id, defaultPolicy(id, String(state.owner)), call);
  },
});

const isDefault = (policy: string | undefined): boolean => policy === undefined || (JSON.parse(policy) as { Id?: string }).Id === DEFAULT_ID;

const defaultPolicy = (topic: string, owner: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: DEFAULT_ID,
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: topic,
        Condition: { StringEquals: { "AWS:SourceOwner": owner } },
      },
    ],
  });
