import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribePrefixListsCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointCommand,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { untilGone } from "../../wait";
import { found, given } from "../found";
import { jsonDocument, resourceId, setOf } from "../values";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

/** Gateway endpoints only: S3 and DynamoDB. */
export const vpcEndpoint = regionalResource({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  inputs: z.strictObject({
    vpcId: resourceId("vpc"),
    serviceName: z.string().regex(/^com\.amazonaws\.[a-z0-9-]+\.(s3|dynamodb)$/, "must be S3 or DynamoDB, as com.amazonaws.<region>.s3"),
    vpcEndpointType: z.literal("Gateway"),
    routeTableIds: setOf(resourceId("rtb"), 500).optional(),
    policy: jsonDocument(20_480).optional(),
    tags: tags.optional(),
  }),
  onChange: { vpcId: "replace", serviceName: "replace", vpcEndpointType: "replace", routeTableIds: "update", policy: "update", tags: "update" },
  defaults: { vpcEndpointType: "Gateway" },
  unordered: ["routeTableIds"],
  computed: { arn: "stable", ownerId: "stable", state: "stable", prefixListId: "stable", cidrBlocks: "stable", requesterManaged: "stable" },
  async create(inputs, { aws }) {
    const { VpcEndpoint } = await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: inputs.vpcId,
        ServiceName: inputs.serviceName,
        VpcEndpointType: inputs.vpcEndpointType,
        RouteTableIds: inputs.routeTableIds,
        PolicyDocument: inputs.policy,
        ...taggedAs("vpc-endpoint", inputs.tagsAll),
      }),
    );
    return given(VpcEndpoint?.VpcEndpointId, "VpcEndpointId");
  },
  async settle(id, _, call) {
    await call.waitFor(`VPC endpoint ${id} to be available`, 600, async () => {
      const state = (await describe(id, call)).State ?? "nothing";
      return state.toLowerCase() === "available" ? { done: true } : { seen: state };
    });
  },
  async read(id, known, call) {
    const it = await describe(id, call);
    const { PrefixLists } = await call.aws.ec2.send(
      new DescribePrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values: [given(it.ServiceName, "ServiceName")] }] }),
    );
    return {
      vpcId: it.VpcId,
      serviceName: it.ServiceName,
      vpcEndpointType: it.VpcEndpointType,
      routeTableIds: it.RouteTableIds,
      policy: known.policy === undefined ? undefined : it.PolicyDocument,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, it.OwnerId, `vpc-endpoint/${id}`),
      ownerId: it.OwnerId,
      state: it.State,
      prefixListId: PrefixLists?.[0]?.PrefixListId,
      cidrBlocks: PrefixLists?.[0]?.Cidrs,
      requesterManaged: it.RequesterManaged ?? false,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
    if (!change.has("routeTableIds", "policy")) return;
    const [olds, news] = [change.olds.routeTableIds ?? [], change.news.routeTableIds ?? []];
    await call.aws.ec2.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: id,
        AddRouteTableIds: news.filter((table) => !olds.includes(table)),
        RemoveRouteTableIds: olds.filter((table) => !news.includes(table)),
        ...(change.news.policy ? { PolicyDocument: change.news.policy } : change.has("policy") ? { ResetPolicy: true } : {}),
      }),
    );
  },
  async delete(id, _, call) {
    await call.aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    const look = async () => (await describe(id, call)).State ?? "a VPC endpoint";
    await call.waitFor(`VPC endpoint ${id} to be gone`, 600, untilGone(look));
  },
});

async function describe(id: string, { aws }: Call) {
  const { VpcEndpoints } = await aws.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  return found(
    VpcEndpoints?.find((one) => one.State?.toLowerCase() !== "deleted"),
    id,
  );
}
