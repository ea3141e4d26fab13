import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { given } from "../found";
import { resourceId } from "../values";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";
import { describeGroup, inlineRule, revokeAll, ruleDescription, setRules } from "./inline-rules";

export const securityGroup = regionalResource({
  type: "aws:ec2/securityGroup:SecurityGroup",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
    name: ruleDescription
      .min(1)
      .refine((name) => !name.startsWith("sg-"), "must not begin with sg-")
      .optional(),
    description: ruleDescription.min(1),
    vpcId: resourceId("vpc").optional(),
    ingress: z.array(inlineRule).max(60).optional(),
    egress: z.array(inlineRule).max(60).optional(),
    revokeRulesOnDelete: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: {
    name: "replace",
    description: "replace",
    vpcId: "replace",
    ingress: "update",
    egress: "update",
    revokeRulesOnDelete: "update",
    tags: "update",
  },
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  autoname: { property: "name", maxLength: 255 },
  unordered: ["ingress", "egress"],
  computed: { arn: "stable", ownerId: "stable" },
  async create(inputs, { aws }) {
    const { GroupId } = await aws.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: inputs.name,
        Description: inputs.description,
        VpcId: inputs.vpcId,
        ...taggedAs("security-group", inputs.tagsAll),
      }),
    );
    return given(GroupId, "GroupId");
  },
  // The real provider takes away AWS's own "allow all" egress rule when it creates a group.
  async settle(id, { ingress, egress }, call, after) {
    if (after === "create") await setRules(id, { ingress, egress: egress ?? [] }, call);
  },
  async read(id, _, call) {
    const it = await describeGroup(id, call);
    return {
      name: it.GroupName,
      description: it.Description,
      vpcId: it.VpcId,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, it.OwnerId, `security-group/${id}`),
      ownerId: it.OwnerId,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
    if (change.has("ingress")) await setRules(id, { ingress: change.news.ingress ?? [] }, call);
    if (change.has("egress")) await setRules(id, { egress: change.news.egress ?? [] }, call);
  },
  async delete(id, state, call) {
    if (state.revokeRulesOnDelete) await revokeAll(id, call);
    const remove = () => call.aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
    await call.waitFor(`security group ${id} to be unused`, 900, whileRefused(["DependencyViolation", "InvalidGroup.InUse"], remove));
  },
});
