import { GetSubscriptionAttributesCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { given } from "../found";
import { arn } from "../values";

/** To people: what else SNS delivers to is not in the lab. */
export const topicSubscription = regionalResource({
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: z.strictObject({
    topic: arn("sns"),
    protocol: z.literal("email", "must be email in the lab"),
    endpoint: z.email("must be an e-mail address"),
  }),
  onChange: { topic: "replace", protocol: "replace", endpoint: "replace" },
  computed: { arn: "stable", ownerId: "stable", pendingConfirmation: "changes", confirmationWasAuthenticated: "changes" },
  async create({ topic, protocol, endpoint }, { aws }) {
    const { SubscriptionArn } = await aws.sns.send(
      // Else one that waits for its confirmation has no ARN.
      new SubscribeCommand({ TopicArn: topic, Protocol: protocol, Endpoint: endpoint, ReturnSubscriptionArn: true }),
    );
    return given(SubscriptionArn, "SubscriptionArn");
  },
  async read(id, _, { aws }) {
    const { Attributes: it } = await aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id }));
    return {
      topic: it?.TopicArn,
      protocol: it?.Protocol,
      endpoint: it?.Endpoint,
      arn: id,
      ownerId: it?.Owner,
      pendingConfirmation: it?.PendingConfirmation === "true",
      confirmationWasAuthenticated: it?.ConfirmationWasAuthenticated === "true",
    };
  },
  async delete(id, _, { aws }) {
    await aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: id }));
  },
});
