import { list, members, type Result, structures } from "../query-protocol";
import type { Controller } from "./controller";
import { tagXml } from "./describe";
import type { Group, Tag } from "./group";
import { groupOf } from "./lookup";
import { invalid, METRICS, type Params, PROCESSES, tag } from "./parameters";

/** Tags, processes and metrics of a group, and what the lab never has. */
export function settingAnswers(controller: Controller): Record<string, Result> {
  const done = (): string => {
    controller.wake();
    return "";
  };
  return {
    CreateOrUpdateTags: async (p) => {
      const wanted = taggedGroups(controller, p);
      for (const { group, tag: one } of wanted) group.tags = [...group.tags.filter(({ key }) => key !== one.key), one];
      return done();
    },
    DeleteTags: async (p) => {
      for (const { group, tag: one } of taggedGroups(controller, p)) group.tags = group.tags.filter(({ key }) => key !== one.key);
      return done();
    },
    DescribeTags: async (p) => {
      const all = [...controller.groups.values()].flatMap((group) => group.tags.map((one) => ({ group: group.name, tag: one })));
      return list(
        "Tags",
        all.filter(({ group, tag: one }) => passes(p, group, one)).map(({ group, tag: one }) => tagXml(group, one)),
      );
    },
    SuspendProcesses: async (p) => {
      const { suspended } = groupOf(controller, p);
      for (const name of chosen(p, "ScalingProcesses", PROCESSES)) suspended.add(name);
      return done();
    },
    ResumeProcesses: async (p) => {
      const { suspended } = groupOf(controller, p);
      for (const name of chosen(p, "ScalingProcesses", PROCESSES)) suspended.delete(name);
      return done();
    },
    EnableMetricsCollection: async (p) => {
      const group = groupOf(controller, p);
      group.metrics = [...new Set([...group.metrics, ...chosen(p, "Metrics", METRICS)])];
      return done();
    },
    DisableMetricsCollection: async (p) => {
      const group = groupOf(controller, p);
      const gone = chosen(p, "Metrics", METRICS);
      group.metrics = group.metrics.filter((name) => !gone.includes(name));
      return done();
    },
    DescribeWarmPool: async () => list("Instances", []),
    DescribeInstanceRefreshes: async () => list("InstanceRefreshes", []),
  };
}

/** The names that were given, or all when none were. */
function chosen(p: Params, name: string, all: readonly string[]): readonly string[] {
  const given = members(p, name);
  const unknown = given.find((one) => !all.includes(one));
  if (unknown !== undefined) invalid(`${name} must be of ${all.join(", ")}, got ${unknown}`);
  return given.length > 0 ? given : all;
}

const taggedGroups = (controller: Controller, p: Params): { group: Group; tag: Tag }[] =>
  structures(p, "Tags").map((given) => ({ group: groupOf(controller, { AutoScalingGroupName: given.ResourceId ?? "" }), tag: tag(given) }));

/** Every filter wants one of its values. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html */
function passes(p: Params, group: string, { key, value, propagate }: Tag): boolean {
  const fields: Record<string, string> = { "auto-scaling-group": group, key, value, "propagate-at-launch": String(propagate) };
  return structures(p, "Filters").every((filter) => members(filter, "Values").includes(fields[filter.Name ?? ""] ?? ""));
}
