import { AttachRolePolicyCommand, DetachRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { z } from "zod";
import { globalResource } from "../../resource";
import { found } from "../found";
import { arn } from "../values";
import { iamName } from "./iam-names";

export const rolePolicyAttachment = globalResource({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  inputs: z.strictObject({ role: iamName(64), policyArn: arn("iam") }),
  onChange: { role: "replace", policyArn: "replace" },
  computed: {},
  async create({ role, policyArn }, { aws }) {
    await aws.iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    return `${role}/${policyArn}`;
  },
  async read(id, _, { aws }) {
    const [role, policyArn] = [id.slice(0, id.indexOf("/")), id.slice(id.indexOf("/") + 1)];
    const { AttachedPolicies } = await aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    found(
      AttachedPolicies?.find((one) => one.PolicyArn === policyArn),
      `attachment of ${policyArn} to role ${role}`,
    );
    return { role, policyArn };
  },
  async delete(_, { role, policyArn }, { aws }) {
    await aws.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
  },
});
