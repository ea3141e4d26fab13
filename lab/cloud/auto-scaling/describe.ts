import { element, list } from "../query-protocol";
import type { Activity, Group, Hook, LaunchTemplateRef, Member, ScalingPolicy, Tag } from "./group";

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

const template = (ref: LaunchTemplateRef): string =>
  `<LaunchTemplate>${element("LaunchTemplateId", ref.id || undefined)}${element("LaunchTemplateName", ref.name || undefined)}${element("Version", ref.version)}</LaunchTemplate>`;

export const tagXml = (group: string, tag: Tag): string =>
  [
    element("ResourceId", group),
    element("ResourceType", "auto-scaling-group"),
    element("Key", tag.key),
    element("Value", tag.value),
    element("PropagateAtLaunch", tag.propagate),
  ].join("");

export const instanceXml = (member: Member): string =>
  [
    element("InstanceId", member.id),
    element("AvailabilityZone", member.zone),
    element("LifecycleState", member.state),
    element("HealthStatus", member.healthy ? "Healthy" : "Unhealthy"),
    template(member.launchTemplate),
    element("ProtectedFromScaleIn", member.protectedFromScaleIn),
  ].join("");

/** The same beside its group; this one API shouts an instance's health. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingInstanceDetails.html */
export const instanceDetailsXml = (member: Member): string =>
  element("AutoScalingGroupName", member.group) + instanceXml(member).replace(/(?<=<HealthStatus>)\w+/, (health) => health.toUpperCase());

export const groupXml = (group: Group, members: readonly Member[], zones: readonly string[]): string =>
  [
    element("AutoScalingGroupName", group.name),
    element("AutoScalingGroupARN", group.arn),
    template(group.launchTemplate),
    element("MinSize", group.min),
    element("MaxSize", group.max),
    element("DesiredCapacity", group.desired),
    element("DefaultCooldown", group.cooldownSeconds),
    list("AvailabilityZones", [...zones]),
    list("LoadBalancerNames", []),
    list("TargetGroupARNs", group.targetGroupArns),
    element("HealthCheckType", group.healthCheckType),
    element("HealthCheckGracePeriod", group.graceSeconds),
    list("Instances", members.map(instanceXml)),
    element("CreatedTime", time(group.createdAt)),
    list(
      "SuspendedProcesses",
      [...group.suspended].map((name) => element("ProcessName", name) + element("SuspensionReason", "User suspended")),
    ),
    element("VPCZoneIdentifier", group.subnetIds.join(",")),
    list(
      "EnabledMetrics",
      group.metrics.map((metric) => element("Metric", metric) + element("Granularity", "1Minute")),
    ),
    element("Status", group.deleting ? "Delete in progress" : undefined),
    list(
      "Tags",
      group.tags.map((tag) => tagXml(group.name, tag)),
    ),
    list("TerminationPolicies", group.terminationPolicies),
    element("NewInstancesProtectedFromScaleIn", group.protectsNew),
    ...Object.entries(group.kept).map(([name, value]) => element(name, value)),
    group.maintenance
      ? `<InstanceMaintenancePolicy>${element("MinHealthyPercentage", group.maintenance.minPercent)}${element("MaxHealthyPercentage", group.maintenance.maxPercent)}</InstanceMaintenancePolicy>`
      : "",
    list(
      "TrafficSources",
      group.targetGroupArns.map((arn) => element("Identifier", arn) + element("Type", "elbv2")),
    ),
  ].join("");

export const activityXml = (activity: Activity): string =>
  [
    element("ActivityId", activity.id),
    element("AutoScalingGroupName", activity.group),
    element("Description", activity.description),
    element("Cause", activity.cause),
    element("StartTime", time(activity.startedAt)),
    element("EndTime", activity.endedAt === undefined ? undefined : time(activity.endedAt)),
    element("StatusCode", activity.status),
    element("StatusMessage", activity.message || undefined),
    element("Progress", activity.status === "InProgress" ? 50 : 100),
  ].join("");

export const hookXml = (group: string, hook: Hook): string =>
  [
    element("LifecycleHookName", hook.name),
    element("AutoScalingGroupName", group),
    element("LifecycleTransition", hook.transition),
    element("HeartbeatTimeout", hook.heartbeatSeconds),
    element("GlobalTimeout", Math.min(hook.heartbeatSeconds * 100, 172_800)),
    element("DefaultResult", hook.defaultResult),
    element("NotificationMetadata", hook.notificationMetadata),
  ].join("");

/** A policy as it was given: its flat parameters become elements again. */
export const policyXml = (policy: ScalingPolicy): string =>
  element("PolicyName", policy.name) +
  element("PolicyARN", policy.arn) +
  element("AutoScalingGroupName", policy.group) +
  element("PolicyType", policy.type) +
  nested(policy.params, "TargetTrackingConfiguration");

function nested(params: Readonly<Record<string, string>>, prefix: string): string {
  const under = Object.entries(params).filter(([key]) => key.startsWith(`${prefix}.`));
  if (under.length === 0) return "";
  const names = [...new Set(under.map(([key]) => key.slice(prefix.length + 1).split(".")[0] ?? ""))];
  const inside = names.map((name) => {
    const value = params[`${prefix}.${name}`];
    return value === undefined ? nested(params, `${prefix}.${name}`) : element(name, value);
  });
  return `<${prefix.split(".").at(-1)}>${inside.join("")}</${prefix.split(".").at(-1)}>`;
}
