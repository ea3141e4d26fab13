import { element, list, members, type Result, structures } from "../query-protocol";
import type { Controller } from "./controller";
import type { Group, Member } from "./group";
import { groupOf } from "./lookup";
import type { Params } from "./parameters";

/** The target groups that a group's instances join, by both of AWS's names for them. */
export function targetAnswers(controller: Controller): Record<string, Result> {
  const change = (arnsOf: (p: Params) => string[], attach: boolean): Result => {
    return async (p) => {
      const group = groupOf(controller, p);
      const arns = arnsOf(p);
      group.targetGroupArns = [...group.targetGroupArns.filter((arn) => !arns.includes(arn)), ...(attach ? arns : [])];
      controller.wake();
      return "";
    };
  };
  const targetGroups = (p: Params): string[] => members(p, "TargetGroupARNs");
  const sources = (p: Params): string[] => structures(p, "TrafficSources").map((source) => source.Identifier ?? "");
  return {
    AttachLoadBalancerTargetGroups: change(targetGroups, true),
    DetachLoadBalancerTargetGroups: change(targetGroups, false),
    DescribeLoadBalancerTargetGroups: async (p) =>
      list(
        "LoadBalancerTargetGroups",
        attached(controller, groupOf(controller, p)).map(({ arn, state }) => element("LoadBalancerTargetGroupARN", arn) + element("State", state)),
      ),
    AttachTrafficSources: change(sources, true),
    DetachTrafficSources: change(sources, false),
    DescribeTrafficSources: async (p) =>
      list(
        "TrafficSources",
        attached(controller, groupOf(controller, p))
          .filter(() => p.TrafficSourceType === undefined || p.TrafficSourceType === "elbv2")
          .map(({ arn, state }) => element("Identifier", arn) + element("Type", "elbv2") + element("State", state)),
      ),
  };
}

/**
 * Added: all serving instances are in; Removing: some are still in a group that was detached.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html
 */
function attached(controller: Controller, group: Group): { arn: string; state: string }[] {
  const serving: Member[] = controller.membersOf(group.name).filter(({ state }) => state === "InService");
  const removing = new Set(serving.flatMap(({ registered }) => [...registered]).filter((arn) => !group.targetGroupArns.includes(arn)));
  return [
    ...group.targetGroupArns.map((arn) => ({ arn, state: serving.every(({ registered }) => registered.has(arn)) ? "Added" : "Adding" })),
    ...[...removing].map((arn) => ({ arn, state: "Removing" })),
  ];
}
