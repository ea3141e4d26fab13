import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import { list, members, type Result, structures } from "../query-protocol";
import type { Activities } from "./activities";
import { ARN } from "./arn";
import type { CloudParts } from "./cloud-parts";
import type { Controller } from "./controller";
import { activityXml, groupXml } from "./describe";
import type { Group } from "./group";
import { groupOf, resize } from "./lookup";
import { checkSizes, hooks, integer, invalid, keptSettings, launchTemplate, maintenance, MOST, type Params, subnetIds, tags } from "./parameters";

/** The groups themselves. */
export function groupAnswers(controller: Controller, parts: CloudParts, activities: Activities): Record<string, Result> {
  const then = async (work: void | Promise<void>): Promise<string> => {
    await work;
    controller.wake();
    return "";
  };
  return {
    CreateAutoScalingGroup: async (p) => then(create(controller, parts, p)),
    UpdateAutoScalingGroup: async (p) => then(update(groupOf(controller, p), p)),
    DeleteAutoScalingGroup: async (p) => then(remove(controller, p)),
    SetDesiredCapacity: async (p) =>
      then(resize(groupOf(controller, p), {}, integer(p, "DesiredCapacity", 0, MOST) ?? invalid("DesiredCapacity is required"))),
    DescribeAutoScalingGroups: async (p) => {
      const names = new Set(members(p, "AutoScalingGroupNames"));
      const found = [...controller.groups.values()].filter((group) => names.size === 0 || names.has(group.name));
      const described = found.map(async (group) => {
        const zones = await Promise.all(group.subnetIds.map((id) => parts.zoneOf(id)));
        return groupXml(group, controller.membersOf(group.name), [...new Set(zones)]);
      });
      return list("AutoScalingGroups", await Promise.all(described));
    },
    DescribeScalingActivities: async (p) => {
      const ids = new Set(members(p, "ActivityIds"));
      const found = activities.of(p.AutoScalingGroupName).filter((one) => ids.size === 0 || ids.has(one.id));
      return list("Activities", found.slice(0, integer(p, "MaxRecords", 1, 100) ?? 100).map(activityXml));
    },
  };
}

async function create(controller: Controller, parts: CloudParts, p: Params): Promise<void> {
  const name = p.AutoScalingGroupName || invalid("AutoScalingGroupName is required");
  const subnets = subnetIds(p) ?? invalid("At least one Availability Zone or VPC Subnet is required.");
  await Promise.all(subnets.map((id) => parts.zoneOf(id)));
  if (controller.groups.has(name))
    throw new AwsError("AlreadyExists", `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`);
  const min = integer(p, "MinSize", 0, MOST) ?? invalid("MinSize is required");
  const group: Group = {
    name,
    arn: `${ARN}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`,
    min,
    max: integer(p, "MaxSize", 0, MOST) ?? invalid("MaxSize is required"),
    desired: integer(p, "DesiredCapacity", 0, MOST) ?? min,
    subnetIds: subnets,
    launchTemplate: launchTemplate(p) ?? invalid("Valid requests must contain a LaunchTemplate"),
    targetGroupArns: [...members(p, "TargetGroupARNs"), ...structures(p, "TrafficSources").map((source) => source.Identifier ?? "")],
    healthCheckType: p.HealthCheckType ?? "EC2",
    graceSeconds: integer(p, "HealthCheckGracePeriod", 0, 7200) ?? 0,
    maintenance: maintenance(p),
    hooks: hooks(p),
    tags: tags(p),
    createdAt: Date.now(),
    cooldownSeconds: integer(p, "DefaultCooldown", 0, 86_400) ?? 300,
    protectsNew: p.NewInstancesProtectedFromScaleIn === "true",
    kept: keptSettings(p),
    terminationPolicies: terminationPolicies(p) ?? ["Default"],
    metrics: [],
    suspended: new Set(),
    deleting: false,
    launching: [],
    nextLaunchAt: 0,
    failures: 0,
  };
  checkSizes(group);
  controller.groups.set(name, group);
}

function update(group: Group, p: Params): void {
  if (group.deleting) throw new AwsError("ScalingActivityInProgress", `AutoScalingGroup ${group.name} is being deleted`);
  const changed = {
    subnetIds: subnetIds(p) ?? group.subnetIds,
    launchTemplate: launchTemplate(p) ?? group.launchTemplate,
    healthCheckType: p.HealthCheckType ?? group.healthCheckType,
    graceSeconds: integer(p, "HealthCheckGracePeriod", 0, 7200) ?? group.graceSeconds,
    cooldownSeconds: integer(p, "DefaultCooldown", 0, 86_400) ?? group.cooldownSeconds,
    maintenance: "InstanceMaintenancePolicy.MinHealthyPercentage" in p ? maintenance(p) : group.maintenance,
    protectsNew: p.NewInstancesProtectedFromScaleIn ? p.NewInstancesProtectedFromScaleIn === "true" : group.protectsNew,
    kept: { ...group.kept, ...keptSettings(p) },
    terminationPolicies: terminationPolicies(p) ?? group.terminationPolicies,
    // What failed before may go now.
    nextLaunchAt: 0,
  };
  // Last, so that a refused update changes nothing.
  resize(group, { min: integer(p, "MinSize", 0, MOST), max: integer(p, "MaxSize", 0, MOST) }, integer(p, "DesiredCapacity", 0, MOST));
  Object.assign(group, changed);
}

function remove(controller: Controller, p: Params): void {
  const group = groupOf(controller, p);
  if (controller.isBusy(group) && p.ForceDelete !== "true")
    throw new AwsError(
      "ResourceInUse",
      "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
    );
  group.deleting = true;
  if (!controller.isBusy(group)) controller.groups.delete(group.name);
}

function terminationPolicies(p: Params): string[] | undefined {
  const given = members(p, "TerminationPolicies");
  return given.length > 0 ? given : undefined;
}
