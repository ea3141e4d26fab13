import { CreateRouteCommand, DeleteRouteCommand, DescribeRouteTablesCommand, ReplaceRouteCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { found } from "../found";
import { resourceId } from "../values";

const inputs = z
  .strictObject({
    routeTableId: resourceId("rtb"),
    destinationCidrBlock: z.cidrv4(),
    gatewayId: resourceId("igw").optional(),
    natGatewayId: resourceId("nat").optional(),
  })
  .refine((route) => (route.gatewayId === undefined) !== (route.natGatewayId === undefined), "must have one of gatewayId and natGatewayId");

const wanted = (route: z.infer<typeof inputs>) => ({
  RouteTableId: route.routeTableId,
  DestinationCidrBlock: route.destinationCidrBlock,
  GatewayId: route.gatewayId,
  NatGatewayId: route.natGatewayId,
});

export const route = regionalResource({
  type: "aws:ec2/route:Route",
  inputs,
  onChange: { routeTableId: "replace", destinationCidrBlock: "replace", gatewayId: "update", natGatewayId: "update" },
  computed: { origin: "stable", state: "stable" },
  async create(inputs, { aws }) {
    await aws.ec2.send(new CreateRouteCommand(wanted(inputs)));
    return `${inputs.routeTableId}_${inputs.destinationCidrBlock}`;
  },
  async read(id, _, { aws }) {
    const [tableId = "", destination] = id.split("_");
    const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [tableId] }));
    const it = found(
      RouteTables?.[0]?.Routes?.find((one) => one.DestinationCidrBlock === destination),
      `route ${id}`,
    );
    return {
      routeTableId: tableId,
      destinationCidrBlock: destination,
      gatewayId: it.GatewayId,
      natGatewayId: it.NatGatewayId,
      origin: it.Origin ?? "CreateRoute",
      state: it.State ?? "active",
    };
  },
  async update(_, { news }, { aws }) {
    await aws.ec2.send(new ReplaceRouteCommand(wanted(news)));
  },
  async delete(_, state, { aws }) {
    await aws.ec2.send(new DeleteRouteCommand({ RouteTableId: state.routeTableId, DestinationCidrBlock: state.destinationCidrBlock }));
  },
});
