import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tags } from "../../tags";
import { found, given } from "../found";
import { arn } from "../values";
import { action, fromAction, toAction } from "./action";
import { condition, fromCondition, toCondition } from "./condition";
import { elbTags, readElbTags, updateElbTags } from "./elb-tags";

export const listenerRule = regionalResource({
  type: "aws:lb/listenerRule:ListenerRule",
  inputs: z.strictObject({
    listenerArn: arn("elasticloadbalancing"),
    /** Unique in the listener; the smallest match wins. */
    priority: z.int().min(1).max(50_000),
    /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (5 condition values a rule) */
    conditions: z.array(condition).min(1).max(5),
    actions: z.array(action).min(1).max(5),
    tags: tags.optional(),
  }),
  onChange: { listenerArn: "replace", priority: "update", conditions: "update", actions: "update", tags: "update" },
  unordered: ["conditions"],
  computed: { arn: "stable" },
  async create(inputs, { aws }) {
    const { Rules } = await aws.elb.send(
      new CreateRuleCommand({
        ListenerArn: inputs.listenerArn,
        Priority: inputs.priority,
        Conditions: inputs.conditions.map(toCondition),
        Actions: inputs.actions.map(toAction),
        ...elbTags(inputs.tagsAll),
      }),
    );
    return given(Rules?.[0]?.RuleArn, "RuleArn");
  },
  async read(id, known, call) {
    const { Rules } = await call.aws.elb.send(new DescribeRulesCommand({ RuleArns: [id] }));
    const it = found(Rules?.[0], id);
    return {
      listenerArn: known.listenerArn ?? id.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, ""),
      priority: Number(it.Priority),
      conditions: it.Conditions?.map(fromCondition),
      actions: it.Actions?.map(fromAction),
      tagsAll: await readElbTags(id, call),
      arn: id,
    };
  },
  async update(id, change, call) {
    const { news } = change;
    if (change.has("tagsAll")) await updateElbTags(id, change, call);
    if (change.has("priority")) {
      await call.aws.elb.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: id, Priority: news.priority }] }));
    }
    if (change.has("conditions", "actions")) {
      await call.aws.elb.send(
        new ModifyRuleCommand({ RuleArn: id, Conditions: news.conditions.map(toCondition), Actions: news.actions.map(toAction) }),
      );
    }
  },
  async delete(id, _, { aws }) {
    await aws.elb.send(new DeleteRuleCommand({ RuleArn: id }));
  },
});
