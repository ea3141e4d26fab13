import { DeletePolicyCommand, DescribePoliciesCommand, PutScalingPolicyCommand } from "@aws-sdk/client-auto-scaling";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { found, given } from "../found";

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TargetTrackingConfiguration.html */
const targetTracking = z.strictObject({
  targetValue: z.number().positive(),
  disableScaleIn: z.boolean().optional(),
  predefinedMetricSpecification: z.strictObject({
    predefinedMetricType: z.enum(["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"]),
    resourceLabel: z.string().min(1).max(1_023).optional(),
  }),
});

const inputs = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  autoscalingGroupName: z.string().min(1).max(255),
  policyType: z.literal("TargetTrackingScaling"),
  enabled: z.boolean(),
  estimatedInstanceWarmup: z.int().min(0).optional(),
  targetTrackingConfiguration: targetTracking,
});

async function put(policy: z.infer<typeof inputs>, aws: AwsClients): Promise<string> {
  const { predefinedMetricSpecification: metric, targetValue, disableScaleIn } = policy.targetTrackingConfiguration;
  const name = given(policy.name, "name");
  await aws.autoscaling.send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: policy.autoscalingGroupName,
      PolicyName: name,
      PolicyType: policy.policyType,
      Enabled: policy.enabled,
      EstimatedInstanceWarmup: policy.estimatedInstanceWarmup,
      TargetTrackingConfiguration: {
        TargetValue: targetValue,
        DisableScaleIn: disableScaleIn,
        PredefinedMetricSpecification: { PredefinedMetricType: metric.predefinedMetricType, ResourceLabel: metric.resourceLabel },
      },
    }),
  );
  return name;
}

/** Target tracking only. */
export const policy = regionalResource({
  type: "aws:autoscaling/policy:Policy",
  inputs,
  onChange: {
    name: "replace",
    autoscalingGroupName: "replace",
    policyType: "replace",
    enabled: "update",
    estimatedInstanceWarmup: "update",
    targetTrackingConfiguration: "update",
  },
  defaults: { enabled: true },
  autoname: { property: "name", maxLength: 255 },
  computed: { arn: "stable" },
  create: (inputs, { aws }) => put(inputs, aws),
  async read(id, known, { aws }) {
    const { ScalingPolicies } = await aws.autoscaling.send(
      new DescribePoliciesCommand({ AutoScalingGroupName: known.autoscalingGroupName, PolicyNames: [id] }),
    );
    const it = found(ScalingPolicies?.[0], `scaling policy ${id}`);
    const { TargetTrackingConfiguration: tracking } = it;
    return {
      name: it.PolicyName,
      autoscalingGroupName: it.AutoScalingGroupName,
      policyType: it.PolicyType,
      enabled: it.Enabled,
      estimatedInstanceWarmup: it.EstimatedInstanceWarmup,
      targetTrackingConfiguration: tracking && {
        targetValue: tracking.TargetValue,
        disableScaleIn: tracking.DisableScaleIn ?? false,
        predefinedMetricSpecification: tracking.PredefinedMetricSpecification && {
          predefinedMetricType: tracking.PredefinedMetricSpecification.PredefinedMetricType,
          resourceLabel: tracking.PredefinedMetricSpecification.ResourceLabel,
        },
      },
      arn: it.PolicyARN,
    };
  },
  async update(_, { news }, { aws }) {
    await put(news, aws);
  },
  async delete(id, state, { aws }) {
    const { ScalingPolicies } = await aws.autoscaling.send(
      new DescribePoliciesCommand({ AutoScalingGroupName: state.autoscalingGroupName, PolicyNames: [id] }),
    );
    if (ScalingPolicies?.length)
      await aws.autoscaling.send(new DeletePolicyCommand({ AutoScalingGroupName: state.autoscalingGroupName, PolicyName: id }));
  },
});
