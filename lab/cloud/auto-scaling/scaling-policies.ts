import { randomUUID } from "node:crypto";
import { element, list, members, type Result } from "../query-protocol";
import { ARN } from "./arn";
import type { Controller } from "./controller";
import { policyXml } from "./describe";
import type { ScalingPolicy } from "./group";
import { groupOf } from "./lookup";
import { invalid } from "./parameters";

/** Scaling policies: kept and described as long as their group lives. They never act, for the lab has no metrics (docs/fidelity.md). */
export function scalingPolicyAnswers(controller: Controller): Record<string, Result> {
  const policies = new Map<string, ScalingPolicy>();
  const key = (group: string, name: string): string => `${group} ${name}`;
  const living = (): ScalingPolicy[] => {
    for (const [id, policy] of policies) if (controller.groups.get(policy.group)?.arn !== policy.groupArn) policies.delete(id);
    return [...policies.values()];
  };
  return {
    PutScalingPolicy: async (p) => {
      const group = groupOf(controller, p);
      const name = p.PolicyName ?? invalid("PolicyName is required");
      const known = living().find((policy) => policy.group === group.name && policy.name === name);
      const arn = known?.arn ?? `${ARN}:scalingPolicy:${randomUUID()}:autoScalingGroupName/${group.name}:policyName/${name}`;
      policies.set(key(group.name, name), { name, arn, group: group.name, groupArn: group.arn, type: p.PolicyType ?? "SimpleScaling", params: p });
      return element("PolicyARN", arn) + list("Alarms", []);
    },
    DeletePolicy: async (p) => {
      const found = living().find(
        (policy) => policy.arn === p.PolicyName || (policy.group === p.AutoScalingGroupName && policy.name === p.PolicyName),
      );
      if (!found) return invalid(`No policy found with name ${String(p.PolicyName)}`);
      policies.delete(key(found.group, found.name));
      return "";
    },
    DescribePolicies: async (p) => {
      const names = new Set(members(p, "PolicyNames"));
      const types = new Set(members(p, "PolicyTypes"));
      const found = living().filter(
        (policy) =>
          (p.AutoScalingGroupName === undefined || policy.group === p.AutoScalingGroupName) &&
          (names.size === 0 || names.has(policy.name) || names.has(policy.arn)) &&
          (types.size === 0 || types.has(policy.type)),
      );
      return list("ScalingPolicies", found.map(policyXml));
    },
  };
}
