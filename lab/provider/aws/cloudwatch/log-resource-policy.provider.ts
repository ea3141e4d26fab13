import { DeleteResourcePolicyCommand, DescribeResourcePoliciesCommand, PutResourcePolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { found } from "../found";
import { jsonDocument } from "../values";

/** Lets services write into log groups. */
export const logResourcePolicy = regionalResource({
  type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  inputs: z.strictObject({ policyName: z.string().min(1).max(512), policyDocument: jsonDocument(5_120) }),
  onChange: { policyName: "replace", policyDocument: "update" },
  computed: {},
  async create({ policyName, policyDocument }, { aws }) {
    await aws.logs.send(new PutResourcePolicyCommand({ policyName, policyDocument }));
    return policyName;
  },
  async read(id, _, { aws }) {
    const { resourcePolicies } = await aws.logs.send(new DescribeResourcePoliciesCommand({}));
    const it = found(
      resourcePolicies?.find(({ policyName }) => policyName === id),
      `resource policy ${id} of CloudWatch Logs`,
    );
    return { policyName: id, policyDocument: it.policyDocument };
  },
  async update(id, { news }, { aws }) {
    await aws.logs.send(new PutResourcePolicyCommand({ policyName: id, policyDocument: news.policyDocument }));
  },
  async delete(id, _, { aws }) {
    await aws.logs.send(new DeleteResourcePolicyCommand({ policyName: id }));
  },
});
