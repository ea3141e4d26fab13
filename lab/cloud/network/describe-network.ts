import {
  type Address,
  DescribeAddressesCommand,
  type EC2Client,
  type InternetGateway,
  type ManagedPrefixList,
  type NatGateway,
  paginateDescribeInternetGateways,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNatGateways,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";

/** What EC2 says of networks, as it says it. */
export interface DescribedNetwork {
  /** Without the account's default VPC. */
  vpcs: Vpc[];
  subnets: Subnet[];
  routeTables: RouteTable[];
  internetGateways: InternetGateway[];
  /** Those that are available. */
  natGateways: NatGateway[];
  /** Those that are available. */
  endpoints: VpcEndpoint[];
  securityGroups: SecurityGroup[];
  addresses: Address[];
  prefixLists: ManagedPrefixList[];
}

async function all<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => Item[] | undefined): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** Reads all networks. */
export async function describeNetwork(client: EC2Client): Promise<DescribedNetwork> {
  const ec2 = { client };
  const [vpcs, subnets, routeTables, internetGateways, natGateways, endpoints, securityGroups, addresses, prefixLists] = await Promise.all([
    all(paginateDescribeVpcs(ec2, {}), (page) => page.Vpcs),
    all(paginateDescribeSubnets(ec2, {}), (page) => page.Subnets),
    all(paginateDescribeRouteTables(ec2, {}), (page) => page.RouteTables),
    all(paginateDescribeInternetGateways(ec2, {}), (page) => page.InternetGateways),
    all(paginateDescribeNatGateways(ec2, {}), (page) => page.NatGateways),
    all(paginateDescribeVpcEndpoints(ec2, {}), (page) => page.VpcEndpoints),
    all(paginateDescribeSecurityGroups(ec2, {}), (page) => page.SecurityGroups),
    // The one answer that EC2 gives whole.
    client.send(new DescribeAddressesCommand({})),
    all(paginateDescribeManagedPrefixLists(ec2, {}), (page) => page.PrefixLists),
  ]);
  return {
    vpcs: vpcs.filter((vpc) => !vpc.IsDefault),
    subnets,
    routeTables,
    internetGateways,
    natGateways: natGateways.filter((gateway) => gateway.State === "available"),
    // moto keeps deleted ones. EC2 answers in lower case, its SDK says otherwise.
    endpoints: endpoints.filter((endpoint) => endpoint.State?.toLowerCase() === "available"),
    securityGroups,
    addresses: addresses.Addresses ?? [],
    prefixLists,
  };
}
