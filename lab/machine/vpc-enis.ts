import { natNetns } from "./names";
import type { EniState, SubnetState, VpcState } from "./network-state";

/** An interface behind a VPC's router: a wanted ENI, or the one that every NAT gateway has. */
export interface RoutedEni extends EniState {
  natGateway: boolean;
}

/** A NAT gateway has an interface without security groups. @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html */
export function routedEnis(vpc: VpcState): RoutedEni[] {
  return [
    ...vpc.enis.map((eni) => ({ ...eni, natGateway: false })),
    ...vpc.natGateways.map((nat) => ({
      id: nat.id,
      subnetId: nat.subnetId,
      privateIp: nat.privateIp,
      publicIp: nat.publicIp,
      securityGroupIds: [],
      netns: natNetns(nat),
      natGateway: true,
    })),
  ];
}

export function subnetOf(vpc: VpcState, eni: EniState): SubnetState {
  const subnet = vpc.subnets.find(({ id }) => id === eni.subnetId);
  if (!subnet) throw new Error(`${vpc.id}/enis/${eni.id}/subnetId: must be a subnet of the VPC, got ${eni.subnetId}`);
  return subnet;
}

/** Has the route table of this interface's subnet a route of this kind? */
export function hasRoute(vpc: VpcState, eni: EniState, target: "internet-gateway"): boolean {
  const table = vpc.routeTables.find(({ id }) => id === subnetOf(vpc, eni).routeTableId);
  return table?.routes.some((route) => route.target === target) ?? false;
}

/** The services that this interface's subnet reaches through a gateway endpoint. */
export function endpointServices(vpc: VpcState, eni: EniState): ("s3" | "dynamodb")[] {
  const table = vpc.routeTables.find(({ id }) => id === subnetOf(vpc, eni).routeTableId);
  return (table?.routes ?? []).flatMap((route) => (route.target === "gateway-endpoint" ? [route.destination] : []));
}
