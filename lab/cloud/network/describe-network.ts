import {
  type Address,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type InternetGateway,
  type NatGateway,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";

/** What EC2 says of networks, as it says it. */
export interface DescribedNetwork {
  vpcs: Vpc[];
  subnets: Subnet[];
  routeTables: RouteTable[];
  internetGateways: InternetGateway[];
  natGateways: NatGateway[];
  endpoints: VpcEndpoint[];
  securityGroups: SecurityGroup[];
  addresses: Address[];
}

/** Reads all networks. moto answers each of these whole, without pages, for fewer things than a lab has. */
export async function describeNetwork(ec2: EC2Client): Promise<DescribedNetwork> {
  const [vpcs, subnets, routeTables, internetGateways, natGateways, endpoints, securityGroups, addresses] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({})),
    ec2.send(new DescribeSubnetsCommand({})),
    ec2.send(new DescribeRouteTablesCommand({})),
    ec2.send(new DescribeInternetGatewaysCommand({})),
    ec2.send(new DescribeNatGatewaysCommand({})),
    ec2.send(new DescribeVpcEndpointsCommand({})),
    ec2.send(new DescribeSecurityGroupsCommand({})),
    ec2.send(new DescribeAddressesCommand({})),
  ]);
  return {
    vpcs: (vpcs.Vpcs ?? []).filter((vpc) => !vpc.IsDefault),
    subnets: subnets.Subnets ?? [],
    routeTables: routeTables.RouteTables ?? [],
    internetGateways: internetGateways.InternetGateways ?? [],
    natGateways: (natGateways.NatGateways ?? []).filter((gateway) => gateway.State === "available"),
    endpoints: endpoints.VpcEndpoints ?? [],
    securityGroups: securityGroups.SecurityGroups ?? [],
    addresses: addresses.Addresses ?? [],
  };
}
