import type { IpPermission, RouteTable, SecurityGroup } from "@aws-sdk/client-ec2";
import type { EniState, NetworkState, RouteState, RouteTableState, SecurityGroupRule, SecurityGroupState, VpcState } from "../../machine/network-state";
import type { DescribedNetwork } from "./describe-network";

/** What the machine's network must be, out of what EC2 says and the interfaces that the lab's parts have. */
export function networkState(described: DescribedNetwork, enis: readonly EniState[]): NetworkState {
  return { vpcs: described.vpcs.map((vpc) => vpcState(described, enis, vpc.VpcId ?? "", vpc.CidrBlock ?? "")) };
}

function vpcState(described: DescribedNetwork, enis: readonly EniState[], id: string, cidr: string): VpcState {
  const tables = described.routeTables.filter((table) => table.VpcId === id);
  const subnets = described.subnets
    .filter((subnet) => subnet.VpcId === id)
    .map((subnet) => ({
      id: subnet.SubnetId ?? "",
      cidr: subnet.CidrBlock ?? "",
      zone: subnet.AvailabilityZone ?? "",
      routeTableId: tableOf(tables, subnet.SubnetId ?? ""),
    }));
  const subnetIds = new Set(subnets.map((subnet) => subnet.id));
  return {
    id,
    cidr,
    internetGateway: described.internetGateways.some((gateway) => gateway.Attachments?.some((attachment) => attachment.VpcId === id)),
    subnets,
    routeTables: tables.map((table) => routeTable(described, table)),
    natGateways: described.natGateways
      .filter((gateway) => gateway.VpcId === id)
      .map((gateway) => ({
        id: gateway.NatGatewayId ?? "",
        subnetId: gateway.SubnetId ?? "",
        privateIp: gateway.NatGatewayAddresses?.[0]?.PrivateIp ?? "",
        publicIp: gateway.NatGatewayAddresses?.[0]?.PublicIp ?? publicIpOf(described, gateway.NatGatewayAddresses?.[0]?.AllocationId),
      })),
    securityGroups: described.securityGroups.filter((group) => group.VpcId === id).map(securityGroup),
    enis: enis.filter((eni) => subnetIds.has(eni.subnetId)),
  };
}

const publicIpOf = (described: DescribedNetwork, allocationId: string | undefined): string =>
  described.addresses.find((address) => address.AllocationId === allocationId)?.PublicIp ?? "";

/** A subnet without an association of its own has the VPC's main table. */
function tableOf(tables: readonly RouteTable[], subnetId: string): string {
  const own = tables.find((table) => table.Associations?.some((association) => association.SubnetId === subnetId));
  const main = tables.find((table) => table.Associations?.some((association) => association.Main));
  return (own ?? main)?.RouteTableId ?? "";
}

function routeTable(described: DescribedNetwork, table: RouteTable): RouteTableState {
  const routes = (table.Routes ?? []).flatMap((route): RouteState[] => {
    const destination = route.DestinationCidrBlock;
    if (!destination || route.State === "blackhole") return [];
    if (route.NatGatewayId) return [{ destination, target: "nat-gateway", natGatewayId: route.NatGatewayId }];
    if (route.GatewayId === "local") return [{ destination, target: "local" }];
    if (route.GatewayId?.startsWith("igw-")) return [{ destination, target: "internet-gateway" }];
    return [];
  });
  const endpoints = described.endpoints.filter((endpoint) => endpoint.VpcEndpointType === "Gateway" && endpoint.RouteTableIds?.includes(table.RouteTableId ?? ""));
  const services = endpoints.flatMap((endpoint) => {
    const service = endpoint.ServiceName?.split(".").at(-1);
    return service === "s3" || service === "dynamodb" ? [{ destination: service, target: "gateway-endpoint" } as const] : [];
  });
  return { id: table.RouteTableId ?? "", routes: [...routes, ...services] };
}

const securityGroup = (group: SecurityGroup): SecurityGroupState => ({
  id: group.GroupId ?? "",
  ingress: (group.IpPermissions ?? []).flatMap(rules),
  egress: (group.IpPermissionsEgress ?? []).flatMap(rules),
});

/** One rule for each peer of a permission. IPv6 peers are left out: the lab's VPCs have none. */
function rules(permission: IpPermission): SecurityGroupRule[] {
  const peers: SecurityGroupRule["peer"][] = [
    ...(permission.IpRanges ?? []).map((range) => ({ cidr: range.CidrIp ?? "" })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ securityGroupId: pair.GroupId ?? "" })),
  ];
  const { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort } = permission;
  if (protocol === "-1") return peers.map((peer) => ({ protocol: "all", peer }));
  if (protocol === "icmp") return peers.map((peer) => ({ protocol, peer }));
  if (protocol === "tcp" || protocol === "udp") return peers.map((peer) => ({ protocol, fromPort, toPort, peer }));
  throw new Error(`security group rule: the lab has tcp, udp, icmp and all, got protocol ${String(protocol)}`);
}
