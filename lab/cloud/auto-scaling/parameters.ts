import { AwsError } from "../aws-error";
import { structures } from "../query-protocol";
import type { Group, Hook, LaunchTemplateRef, Tag } from "./group";

export type Params = Readonly<Record<string, string>>;

/** The most that AWS lets a group have. */
export const MOST = 10_000;

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const PROCESSES = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
];

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html */
export const METRICS = [
  "GroupMinSize",
  "GroupMaxSize",
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
  "GroupInServiceCapacity",
  "GroupPendingCapacity",
  "GroupStandbyCapacity",
  "GroupTerminatingCapacity",
  "GroupTotalCapacity",
  "WarmPoolDesiredCapacity",
  "WarmPoolWarmedCapacity",
  "WarmPoolPendingCapacity",
  "WarmPoolTerminatingCapacity",
  "WarmPoolTotalCapacity",
  "GroupAndWarmPoolDesiredCapacity",
  "GroupAndWarmPoolTotalCapacity",
];

/** What a group is described with as it was given. */
const KEPT = [
  "DefaultInstanceWarmup",
  "MaxInstanceLifetime",
  "CapacityRebalance",
  "ServiceLinkedRoleARN",
  "PlacementGroup",
  "Context",
  "DesiredCapacityType",
];

export const keptSettings = (params: Params): Record<string, string> =>
  Object.fromEntries(KEPT.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])));

export const invalid = (message: string): never => {
  throw new AwsError("ValidationError", message);
};

/** A whole number within AWS's range, or undefined when it was not given. */
export function integer(params: Params, name: string, least: number, most: number): number | undefined {
  const text = params[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) return invalid(`${name} must be between ${least} and ${most}, got ${text}`);
  return value;
}

export function launchTemplate(params: Params): LaunchTemplateRef | undefined {
  const id = params["LaunchTemplate.LaunchTemplateId"];
  const name = params["LaunchTemplate.LaunchTemplateName"];
  if (!id && !name) return undefined;
  return { id: id ?? "", name: name ?? "", version: params["LaunchTemplate.Version"] ?? "$Default" };
}

export const subnetIds = (params: Params): string[] | undefined => params.VPCZoneIdentifier?.split(",").map((id) => id.trim());

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMaintenancePolicy.html */
export function maintenance(params: Params): Group["maintenance"] {
  const minPercent = integer(params, "InstanceMaintenancePolicy.MinHealthyPercentage", -1, 100);
  const maxPercent = integer(params, "InstanceMaintenancePolicy.MaxHealthyPercentage", -1, 200);
  if (minPercent === undefined || maxPercent === undefined || minPercent === -1) return undefined;
  if (maxPercent < 100 || maxPercent - minPercent > 100)
    return invalid("MaxHealthyPercentage must be 100-200 and at most 100 above MinHealthyPercentage");
  return { minPercent, maxPercent };
}

/** `known`: the hook of this name that is already there; what is not given stays as it is. */
export function hook(params: Params, known?: Hook): Hook {
  const transition = params.LifecycleTransition ?? known?.transition;
  if (transition !== "autoscaling:EC2_INSTANCE_LAUNCHING" && transition !== "autoscaling:EC2_INSTANCE_TERMINATING") {
    return invalid(
      `LifecycleTransition must be autoscaling:EC2_INSTANCE_LAUNCHING or autoscaling:EC2_INSTANCE_TERMINATING, got ${String(transition)}`,
    );
  }
  const defaultResult = params.DefaultResult ?? known?.defaultResult ?? "ABANDON";
  if (defaultResult !== "ABANDON" && defaultResult !== "CONTINUE") return invalid(`DefaultResult must be ABANDON or CONTINUE, got ${defaultResult}`);
  const name = params.LifecycleHookName ?? "";
  if (!/^[A-Za-z0-9\-_/]{1,255}$/.test(name)) return invalid(`LifecycleHookName must be 1-255 letters, digits, -, _ or /, got ${name}`);
  return {
    name,
    transition,
    defaultResult,
    heartbeatSeconds: integer(params, "HeartbeatTimeout", 30, 7200) ?? known?.heartbeatSeconds ?? 3600,
    notificationMetadata: params.NotificationMetadata ?? known?.notificationMetadata,
  };
}

export const hooks = (params: Params): Hook[] => structures(params, "LifecycleHookSpecificationList").map((one) => hook(one));

export const tag = (given: Params): Tag => ({ key: given.Key ?? "", value: given.Value ?? "", propagate: given.PropagateAtLaunch === "true" });

export const tags = (params: Params): Tag[] => structures(params, "Tags").map(tag);

/** @throws ValidationError when the sizes contradict each other. */
export function checkSizes(group: Pick<Group, "min" | "max" | "desired">): void {
  if (group.min > group.max) invalid(`MinSize, ${group.min}, must be less than or equal to MaxSize, ${group.max}`);
  if (group.desired < group.min || group.desired > group.max) {
    invalid(`Desired capacity:${group.desired} must be between the specified min size:${group.min} and max size:${group.max}`);
  }
}
