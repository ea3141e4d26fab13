import { metricsNamespace } from "../contract/sentinel";
import { fleetName, SHORT_DIGEST } from "./fleet-name";

export interface SentinelPlace {
  accountId: string;
  partition: string;
  region: string;
  stack: string;
}

export interface SentinelResources {
  secretArn: string;
  kmsKeyArn: string;
  busArn: string;
  documentArn: string;
  logGroupArn: string;
  /** With a * for what the provider adds to the function's name. */
  functionArns: string;
}

/** What the sentinel may do: see the stack's nodes, restart their agents, have them replaced, and tell. */
export function sentinelPolicy({ accountId, partition, region, stack }: SentinelPlace, to: SentinelResources): string {
  // The * is the group's UUID; the question marks are a release's name.
  const ownGroups = `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${fleetName(stack, "?".repeat(SHORT_DIGEST))}`;
  const anyEc2 = `arn:${partition}:ec2:${region}:${accountId}:*/*`;
  const interfaces = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"];
  const allow = (Sid: string, Action: string | string[], Resource: string, Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition ? { Condition } : {}),
  });
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      // These five have no resource level: "*" is all that AWS takes. @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
      allow("SeeNodes", ["autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeTargetHealth"], "*"),
      allow("Count", "cloudwatch:PutMetricData", "*", { StringEquals: { "cloudwatch:namespace": metricsNamespace(stack) } }),
      allow("SeeNetwork", ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*"),
      // Lambda's own, to be in the VPC; its interfaces have no names before they exist. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
      allow("BeInTheNetwork", interfaces, anyEc2),
      {
        Sid: "NotByItsCode",
        Effect: "Deny",
        Action: interfaces,
        Resource: anyEc2,
        Condition: { ArnLike: { "lambda:SourceFunctionArn": to.functionArns } },
      },
      allow("RestartAgents", "ssm:SendCommand", to.documentArn),
      allow("OfOwnNodes", "ssm:SendCommand", `arn:${partition}:ec2:${region}:${accountId}:instance/*`, {
        StringEquals: { "ssm:resourceTag/Name": `nplus1-${stack}` },
      }),
      allow("ReplaceNodes", "autoscaling:SetInstanceHealth", ownGroups),
      allow("ReadToken", "secretsmanager:GetSecretValue", to.secretArn),
      allow("DecryptToken", "kms:Decrypt", to.kmsKeyArn, { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } }),
      allow("TellEvents", "events:PutEvents", to.busArn),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], `${to.logGroupArn}:*`),
    ],
  });
}
