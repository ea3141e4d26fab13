import type { NatGateway, RouteTable, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { EniState, NatGatewayState, NetworkState, RouteState, RouteTableState, SubnetState, VpcState } from "../../machine/network-state";
import type { DescribedNetwork } from "./describe-network";
import { gatewayService } from "./gateway-service";
import { securityGroupState } from "./security-group";

/** The owner's address in a subnet. */
export type AddressIn = (subnetId: string, cidr: string, owner: string) => string;

/** What the machine's network must be, out of what EC2 says and the interfaces that the lab's parts have. Those without a subnet are left out. */
export function networkState(described: DescribedNetwork, enis: readonly EniState[], addressIn: AddressIn): NetworkState {
  return { vpcs: described.vpcs.map((vpc) => vpcState(described, enis, addressIn, vpc.VpcId ?? "", vpc.CidrBlock ?? "")) };
}

function vpcState(described: DescribedNetwork, enis: readonly EniState[], addressIn: AddressIn, id: string, cidr: string): VpcState {
  const tables = described.routeTables.filter((table) => table.VpcId === id);
  const subnets = described.subnets
    .filter((subnet) => subnet.VpcId === id)
    .map((subnet) => ({
      id: subnet.SubnetId ?? "",
      cidr: subnet.CidrBlock ?? "",
      zone: subnet.AvailabilityZone ?? "",
      routeTableId: tableOf(tables, subnet.SubnetId ?? ""),
    }));
  const standing = enis.filter((eni) => subnets.some((subnet) => subnet.id === eni.subnetId));
  return {
    id,
    cidr,
    internetGateway: described.internetGateways.some((gateway) => gateway.Attachments?.some((attachment) => attachment.VpcId === id) ?? false),
    subnets,
    routeTables: tables.map((table) => routeTable(table, described.endpoints)),
    natGateways: natGateways(described, subnets, addressIn),
    securityGroups: described.securityGroups.filter((group) => group.VpcId === id).map((group) => securityGroupState(group, described.prefixLists)),
    enis: standing,
  };
}

/** A subnet without an association of its own has the VPC's main table. */
function tableOf(tables: readonly RouteTable[], subnetId: string): string {
  const own = tables.find((table) => table.Associations?.some((association) => association.SubnetId === subnetId));
  const main = tables.find((table) => table.Associations?.some((association) => association.Main));
  return (own ?? main)?.RouteTableId ?? "";
}

/** Routes to a gateway endpoint are derived from the endpoint: in the table they are prefix lists. */
function routeTable(table: RouteTable, endpoints: readonly VpcEndpoint[]): RouteTableState {
  const id = table.RouteTableId ?? "";
  const routes = (table.Routes ?? []).flatMap((route): RouteState[] => {
    const destination = route.DestinationCidrBlock;
    if (!destination) return [];
    if (route.NatGatewayId) return [{ destination, target: "nat-gateway", natGatewayId: route.NatGatewayId }];
    if (route.GatewayId === "local") return [{ destination, target: "local" }];
    if (route.GatewayId?.startsWith("igw-")) return [{ destination, target: "internet-gateway" }];
    throw new Error(`${id}/${destination}: must lead to local, an internet gateway or a NAT gateway, got ${JSON.stringify(route)}`);
  });
  const services = endpoints.flatMap((endpoint): RouteState[] => {
    if (endpoint.VpcEndpointType !== "Gateway" || !endpoint.RouteTableIds?.includes(id)) return [];
    const destination = gatewayService(endpoint.ServiceName);
    return destination ? [{ destination, target: "gateway-endpoint" }] : [];
  });
  return { id, routes: [...routes, ...services] };
}

/** moto gives these any private address of 10.0.0.0/8; theirs is one of their subnet. */
function natGateways(described: DescribedNetwork, subnets: readonly SubnetState[], addressIn: AddressIn): NatGatewayState[] {
  return described.natGateways.flatMap((gateway) => {
    const subnet = subnets.find((it) => it.id === gateway.SubnetId);
    if (!subnet) return [];
    const id = gateway.NatGatewayId ?? "";
    return [{ id, subnetId: subnet.id, privateIp: addressIn(subnet.id, subnet.cidr, id), publicIp: publicIpOf(gateway, described) }];
  });
}

function publicIpOf(gateway: NatGateway, described: DescribedNetwork): string {
  const [first] = gateway.NatGatewayAddresses ?? [];
  const address = described.addresses.find((it) => it.AllocationId === first?.AllocationId);
  const publicIp = first?.PublicIp ?? address?.PublicIp;
  if (!publicIp) throw new Error(`${gateway.NatGatewayId}/publicIp: must be an Elastic IP (the lab has no private NAT gateways), got none`);
  return publicIp;
}
