import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { z } from "zod";
import { globalResource } from "../../resource";
import { given } from "../found";
import { jsonDocument } from "../values";
import { iamName } from "./iam-names";

export const rolePolicy = globalResource({
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs: z.strictObject({ name: iamName(128).optional(), role: iamName(64), policy: jsonDocument(10_240) }),
  onChange: { name: "replace", role: "replace", policy: "update" },
  autoname: { property: "name", maxLength: 128 },
  computed: {},
  async create({ role, name, policy }, { aws }) {
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
    return `${role}:${given(name, "name")}`;
  },
  async read(id, _, { aws }) {
    const [role, name] = id.split(":");
    const { PolicyDocument } = await aws.iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
    return { role, name, policy: PolicyDocument && decodeURIComponent(PolicyDocument) };
  },
  async update(_, { news }, { aws }) {
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: news.role, PolicyName: news.name, PolicyDocument: news.policy }));
  },
  async delete(_, { role, name }, { aws }) {
    await aws.iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name }));
  },
});
