import { type CloudWatchLogsClient, DescribeResourcePoliciesCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetTopicAttributesCommand, type SNSClient } from "@aws-sdk/client-sns";
import { letsService } from "../iam/policy-document";

export interface PermissionSource {
  topicLets(topicArn: string, service: string): Promise<boolean>;
  logsLet(service: string): Promise<boolean>;
}

/** What targets let services do, as moto keeps it. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
export const targetPermissions = (sns: SNSClient, logs: CloudWatchLogsClient): PermissionSource => ({
  async topicLets(topicArn, service) {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    return letsService(Attributes?.Policy ?? "{}", service, "sns:Publish");
  },
  async logsLet(service) {
    const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}));
    return (resourcePolicies ?? []).some(({ policyDocument }) => letsService(policyDocument ?? "{}", service, "logs:PutLogEvents"));
  },
});
