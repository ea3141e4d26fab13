import {
  AssociateRouteTableCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { found, given } from "../found";
import { resourceId } from "../values";

export const routeTableAssociation = regionalResource({
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  inputs: z.strictObject({ routeTableId: resourceId("rtb"), subnetId: resourceId("subnet") }),
  onChange: { routeTableId: "update", subnetId: "replace" },
  computed: {},
  async create(inputs, { aws }) {
    const { AssociationId } = await aws.ec2.send(new AssociateRouteTableCommand({ RouteTableId: inputs.routeTableId, SubnetId: inputs.subnetId }));
    return given(AssociationId, "AssociationId");
  },
  async read(id, known, call) {
    const it = await describe(id, known.subnetId, call);
    return { routeTableId: it.RouteTableId, subnetId: it.SubnetId };
  },
  // AWS gives the association a new id, which the real provider keeps as well; ours is found again by its subnet.
  async update(id, { olds, news }, call) {
    const it = await describe(id, olds.subnetId, call);
    await call.aws.ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId: it.RouteTableAssociationId, RouteTableId: news.routeTableId }));
  },
  async delete(id, state, call) {
    const it = await describe(id, state.subnetId, call);
    await call.aws.ec2.send(new DisassociateRouteTableCommand({ AssociationId: it.RouteTableAssociationId }));
  },
});

async function describe(id: string, subnetId: string | undefined, { aws }: Call) {
  const filter = subnetId ? { Name: "association.subnet-id", Values: [subnetId] } : { Name: "association.route-table-association-id", Values: [id] };
  const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand({ Filters: [filter] }));
  const all = RouteTables?.flatMap((table) => table.Associations ?? []) ?? [];
  return found(
    all.find((one) => one.RouteTableAssociationId === id || (subnetId !== undefined && one.SubnetId === subnetId)),
    `route table association ${id}`,
  );
}
