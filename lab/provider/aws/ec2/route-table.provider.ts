import { CreateRouteTableCommand, DeleteRouteTableCommand, DescribeRouteTablesCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { resourceId } from "../values";
import { accountId } from "./account";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

/** Routes are resources of their own. */
export const routeTable = regionalResource({
  type: "aws:ec2/routeTable:RouteTable",
  inputs: z.strictObject({ vpcId: resourceId("vpc"), tags: tags.optional() }),
  onChange: { vpcId: "replace", tags: "update" },
  computed: { arn: "stable", ownerId: "stable" },
  async create(inputs, { aws }) {
    const { RouteTable } = await aws.ec2.send(new CreateRouteTableCommand({ VpcId: inputs.vpcId, ...taggedAs("route-table", inputs.tagsAll) }));
    return given(RouteTable?.RouteTableId, "RouteTableId");
  },
  async read(id, _, call) {
    const { RouteTables } = await call.aws.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
    const it = found(RouteTables?.[0], id);
    const ownerId = it.OwnerId ?? (await accountId(call));
    return { vpcId: it.VpcId, tagsAll: tagMap(it.Tags), arn: ec2Arn(call.region, ownerId, `route-table/${id}`), ownerId };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }));
    await waitFor(`route table ${id} to be free of associations`, 300, whileRefused(["DependencyViolation"], remove));
  },
});
