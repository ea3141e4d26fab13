import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { type Call, regionalResource } from "../../resource";
import { whileRefused } from "../../wait";
import { given } from "../found";
import { describeGroup, waitForCapacity } from "./capacity";
import { common, groupTags, hooks, updateParts } from "./group-calls";
import { groupInputs } from "./group-inputs";

export const group = regionalResource({
  type: "aws:autoscaling/group:Group",
  inputs: groupInputs,
  onChange: {
    name: "replace",
    minSize: "update",
    maxSize: "update",
    desiredCapacity: "update",
    launchTemplate: "update",
    vpcZoneIdentifiers: "update",
    targetGroupArns: "update",
    healthCheckType: "update",
    healthCheckGracePeriod: "update",
    defaultCooldown: "update",
    defaultInstanceWarmup: "update",
    maxInstanceLifetime: "update",
    // Only a create applies them; the real provider shows a later change as an update too, and makes none.
    initialLifecycleHooks: "update",
    instanceMaintenancePolicy: "update",
    terminationPolicies: "update",
    suspendedProcesses: "update",
    enabledMetrics: "update",
    metricsGranularity: "update",
    capacityRebalance: "update",
    protectFromScaleIn: "update",
    serviceLinkedRoleArn: "update",
    tags: "update",
    minElbCapacity: "update",
    waitForElbCapacity: "update",
    waitForCapacityTimeout: "update",
    ignoreFailedScalingActivities: "update",
    forceDelete: "update",
  },
  defaults: {
    healthCheckType: "EC2",
    healthCheckGracePeriod: 300,
    metricsGranularity: "1Minute",
    protectFromScaleIn: false,
    waitForCapacityTimeout: "10m",
    ignoreFailedScalingActivities: false,
    forceDelete: false,
  },
  autoname: { property: "name", maxLength: 255 },
  unordered: ["vpcZoneIdentifiers", "targetGroupArns", "suspendedProcesses", "enabledMetrics", "tags", "initialLifecycleHooks"],
  ownTags: true,
  computed: { arn: "stable" },
  async create(inputs, { aws }) {
    const name = given(inputs.name, "name");
    await aws.autoscaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        ...common(inputs),
        DesiredCapacity: inputs.desiredCapacity,
        TargetGroupARNs: inputs.targetGroupArns,
        LifecycleHookSpecificationList: hooks(inputs),
        ...(inputs.tags?.length ? { Tags: groupTags(name, inputs.tags) } : {}),
      }),
    );
    return name;
  },
  async settle(id, inputs, call, after) {
    if (after === "create") {
      const { suspendedProcesses, enabledMetrics } = inputs;
      const changed = { suspendedProcesses: suspendedProcesses !== undefined, enabledMetrics: enabledMetrics !== undefined };
      const has = (...keys: string[]) => keys.some((key) => key in changed && changed[key as keyof typeof changed]);
      await updateParts(id, { olds: { ...inputs, suspendedProcesses: [], enabledMetrics: [] }, news: inputs, has }, call);
    }
    await waitForCapacity(id, inputs, call, after);
  },
  async read(id, _, call) {
    const it = await describeGroup(id, call);
    if (!it) return undefined;
    return {
      name: it.AutoScalingGroupName,
      minSize: it.MinSize,
      maxSize: it.MaxSize,
      desiredCapacity: it.DesiredCapacity,
      launchTemplate: it.LaunchTemplate && {
        id: it.LaunchTemplate.LaunchTemplateId,
        name: it.LaunchTemplate.LaunchTemplateName,
        version: it.LaunchTemplate.Version,
      },
      vpcZoneIdentifiers: it.VPCZoneIdentifier?.split(","),
      targetGroupArns: it.TargetGroupARNs,
      healthCheckType: it.HealthCheckType,
      healthCheckGracePeriod: it.HealthCheckGracePeriod,
      defaultCooldown: it.DefaultCooldown,
      defaultInstanceWarmup: it.DefaultInstanceWarmup,
      terminationPolicies: it.TerminationPolicies,
      protectFromScaleIn: it.NewInstancesProtectedFromScaleIn,
      arn: it.AutoScalingGroupARN,
    };
  },
  async update(id, change, call) {
    const { news } = change;
    await updateParts(id, change, call);
    const desired = change.has("desiredCapacity") ? { DesiredCapacity: news.desiredCapacity } : {};
    await call.aws.autoscaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: id, ...common(news), ...desired }));
  },
  async delete(id, state, call) {
    if (!(await describeGroup(id, call))) return;
    if (!state.forceDelete) await drain(id, call);
    const remove = () => call.aws.autoscaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: id, ForceDelete: state.forceDelete }));
    await call.waitFor(
      `Auto Scaling group ${id} to be idle`,
      600,
      whileRefused(["ResourceInUseFault", "ResourceInUse", "ScalingActivityInProgressFault", "ScalingActivityInProgress"], remove),
    );
    await call.waitFor(`Auto Scaling group ${id} to be gone`, 600, async () => {
      const it = await describeGroup(id, call);
      return it ? { seen: `${it.Instances?.length ?? 0} instances, status ${it.Status ?? "none"}` } : { done: true };
    });
  },
});

/** The real provider empties a group before it deletes it, so that lifecycle hooks run. */
async function drain(name: string, call: Call): Promise<void> {
  await call.aws.autoscaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 }));
  await call.waitFor(`Auto Scaling group ${name} to be empty`, 600, async () => {
    const instances = (await describeGroup(name, call))?.Instances ?? [];
    return instances.length === 0 ? { done: true } : { seen: instances.map((one) => `${one.InstanceId} ${one.LifecycleState}`).join(", ") };
  });
}
