import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  type LifecycleHookSpecification,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  type Tag,
} from "@aws-sdk/client-auto-scaling";
import type { Call, Change } from "../../resource";
import type { GroupInputs } from "./group-inputs";

/** What a create and an update of a group say in the same words. */
export const common = (inputs: GroupInputs) => ({
  MinSize: inputs.minSize,
  MaxSize: inputs.maxSize,
  LaunchTemplate: {
    LaunchTemplateId: inputs.launchTemplate.id,
    LaunchTemplateName: inputs.launchTemplate.name,
    Version: inputs.launchTemplate.version ?? "$Default",
  },
  VPCZoneIdentifier: inputs.vpcZoneIdentifiers.join(","),
  HealthCheckType: inputs.healthCheckType,
  HealthCheckGracePeriod: inputs.healthCheckGracePeriod,
  DefaultCooldown: inputs.defaultCooldown,
  DefaultInstanceWarmup: inputs.defaultInstanceWarmup,
  MaxInstanceLifetime: inputs.maxInstanceLifetime,
  InstanceMaintenancePolicy: inputs.instanceMaintenancePolicy && {
    MinHealthyPercentage: inputs.instanceMaintenancePolicy.minHealthyPercentage,
    MaxHealthyPercentage: inputs.instanceMaintenancePolicy.maxHealthyPercentage,
  },
  TerminationPolicies: inputs.terminationPolicies,
  CapacityRebalance: inputs.capacityRebalance,
  NewInstancesProtectedFromScaleIn: inputs.protectFromScaleIn,
  ServiceLinkedRoleARN: inputs.serviceLinkedRoleArn,
});

export const hooks = (inputs: GroupInputs): LifecycleHookSpecification[] | undefined =>
  inputs.initialLifecycleHooks?.map((hook) => ({
    LifecycleHookName: hook.name,
    LifecycleTransition: hook.lifecycleTransition,
    DefaultResult: hook.defaultResult,
    HeartbeatTimeout: hook.heartbeatTimeout,
    NotificationMetadata: hook.notificationMetadata,
    NotificationTargetARN: hook.notificationTargetArn,
    RoleARN: hook.roleArn,
  }));

export const groupTags = (name: string, tags: GroupInputs["tags"]): Tag[] =>
  (tags ?? []).map(({ key, value, propagateAtLaunch }) => ({
    ResourceId: name,
    ResourceType: "auto-scaling-group",
    Key: key,
    Value: value,
    PropagateAtLaunch: propagateAtLaunch,
  }));

/** Everything of a group that has a call of its own. */
export async function updateParts(name: string, { olds, news, has }: Change<GroupInputs>, call: Call): Promise<void> {
  const { autoscaling } = call.aws;
  if (has("tags")) {
    const gone = (olds.tags ?? []).filter((tag) => !news.tags?.some((one) => one.key === tag.key));
    if (gone.length > 0) await autoscaling.send(new DeleteTagsCommand({ Tags: groupTags(name, gone) }));
    if (news.tags?.length) await autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: groupTags(name, news.tags) }));
  }
  if (has("targetGroupArns")) {
    const [added, removed] = moved(olds.targetGroupArns, news.targetGroupArns);
    if (added.length > 0) await autoscaling.send(new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: name, TargetGroupARNs: added }));
    if (removed.length > 0)
      await autoscaling.send(new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: name, TargetGroupARNs: removed }));
  }
  if (has("suspendedProcesses")) {
    const [added, removed] = moved(olds.suspendedProcesses, news.suspendedProcesses);
    if (added.length > 0) await autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName: name, ScalingProcesses: added }));
    if (removed.length > 0) await autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName: name, ScalingProcesses: removed }));
  }
  if (has("enabledMetrics")) {
    const [added, removed] = moved(olds.enabledMetrics, news.enabledMetrics);
    if (removed.length > 0) await autoscaling.send(new DisableMetricsCollectionCommand({ AutoScalingGroupName: name, Metrics: removed }));
    if (added.length > 0) {
      await autoscaling.send(
        new EnableMetricsCollectionCommand({ AutoScalingGroupName: name, Metrics: added, Granularity: news.metricsGranularity }),
      );
    }
  }
}

function moved(olds: readonly string[] = [], news: readonly string[] = []): [added: string[], removed: string[]] {
  return [news.filter((one) => !olds.includes(one)), olds.filter((one) => !news.includes(one))];
}
