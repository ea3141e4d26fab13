import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { regionalResource } from "../../resource";
import { taggedAs, updateTags } from "../ec2/ec2-tags";
import { given } from "../found";
import { modifyRule, permission, readRule, ruleChanges, ruleComputed, ruleInputs } from "./security-group-rule";

export const securityGroupIngressRule = regionalResource({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  inputs: ruleInputs,
  onChange: ruleChanges,
  computed: ruleComputed,
  async create(inputs, { aws }) {
    const { SecurityGroupRules } = await aws.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: inputs.securityGroupId,
        IpPermissions: [permission(inputs)],
        ...taggedAs("security-group-rule", inputs.tagsAll),
      }),
    );
    return given(SecurityGroupRules?.[0]?.SecurityGroupRuleId, "SecurityGroupRuleId");
  },
  read: (id, _, call) => readRule(id, call),
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
    if (change.has("ipProtocol", "fromPort", "toPort", "cidrIpv4", "prefixListId", "referencedSecurityGroupId", "description")) {
      await modifyRule(id, change.news, call);
    }
  },
  async delete(id, state, { aws }) {
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: state.securityGroupId, SecurityGroupRuleIds: [id] }));
  },
});
