import { randomUUID } from "node:crypto";
import { element, list, members, type Result } from "../query-protocol";
import { policyXml } from "./describe";
import type { Group, ScalingPolicy } from "./group";
import { invalid } from "./parameters";

type Params = Readonly<Record<string, string>>;

/** Scaling policies: kept and described. They never act, for the lab has no metrics (docs/fidelity.md). */
export class ScalingPolicies {
  readonly results: Readonly<Record<string, Result>>;
  readonly #policies = new Map<string, ScalingPolicy>();

  /** `groupOf` finds the group that a call names, and throws when there is none. */
  constructor(
    private readonly arnPrefix: string,
    groupOf: (params: Params) => Group,
  ) {
    this.results = {
      PutScalingPolicy: async (params) => this.#put(groupOf(params).name, params),
      DeletePolicy: async (params) => {
        this.#policies.delete(`${params.AutoScalingGroupName} ${params.PolicyName}`);
        return "";
      },
      DescribePolicies: async (params) => {
        const names = new Set(members(params, "PolicyNames"));
        const ofGroup = [...this.#policies.values()].filter((policy) => policy.group === params.AutoScalingGroupName);
        return list("ScalingPolicies", ofGroup.filter((policy) => names.size === 0 || names.has(policy.name)).map(policyXml));
      },
    };
  }

  /** A group that is gone has no policies. */
  forget(group: string): void {
    for (const [key, policy] of this.#policies) if (policy.group === group) this.#policies.delete(key);
  }

  #put(group: string, params: Params): string {
    const name = params.PolicyName ?? invalid("PolicyName is required");
    const key = `${group} ${name}`;
    const arn = this.#policies.get(key)?.arn ?? `${this.arnPrefix}:scalingPolicy:${randomUUID()}:autoScalingGroupName/${group}:policyName/${name}`;
    this.#policies.set(key, { name, arn, group, type: params.PolicyType ?? "SimpleScaling", params });
    return element("PolicyARN", arn) + list("Alarms", []);
  }
}
