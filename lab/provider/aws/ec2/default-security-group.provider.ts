import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { found, given } from "../found";
import { resourceId } from "../values";
import { ec2Arn } from "./ec2-arn";
import { updateTags } from "./ec2-tags";
import { describeGroup, inlineRule, setRules } from "./inline-rules";

/** Adopts the group that every VPC has: its rules become the given ones, none when none are given. */
export const defaultSecurityGroup = regionalResource({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  inputs: z.strictObject({
    vpcId: resourceId("vpc"),
    ingress: z.array(inlineRule).max(60).optional(),
    egress: z.array(inlineRule).max(60).optional(),
    revokeRulesOnDelete: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: { vpcId: "replace", ingress: "update", egress: "update", revokeRulesOnDelete: "update", tags: "update" },
  defaults: { revokeRulesOnDelete: false },
  unordered: ["ingress", "egress"],
  computed: { arn: "stable", ownerId: "stable", name: "stable", description: "stable" },
  async create({ vpcId }, { aws }) {
    const filters = [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "group-name", Values: ["default"] },
    ];
    const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({ Filters: filters }));
    return given(found(SecurityGroups?.[0], `the default security group of ${vpcId}`).GroupId, "GroupId");
  },
  async settle(id, inputs, call) {
    const { Tags } = await describeGroup(id, call);
    await updateTags(id, { olds: { tagsAll: tagMap(Tags) }, news: inputs }, call);
    await setRules(id, { ingress: inputs.ingress ?? [], egress: inputs.egress ?? [] }, call);
  },
  async read(id, _, call) {
    const it = await describeGroup(id, call);
    return {
      vpcId: it.VpcId,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, it.OwnerId, `security-group/${id}`),
      ownerId: it.OwnerId,
      name: it.GroupName,
      description: it.Description,
    };
  },
  // It goes with its VPC and not before.
  async delete() {},
});
