import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNatGatewayCommand,
  DeleteVpcEndpointsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from "@aws-sdk/client-ec2";
import { describeNetwork } from "../../../../lab/cloud/network/describe-network";
import { type AddressIn, networkState } from "../../../../lab/cloud/network/network-state";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { Moto } from "../../provider/moto";

let moto: Moto;
let ec2: EC2Client;

beforeAll(async () => {
  moto = await Moto.start();
  ec2 = new EC2Client({ region: "us-east-1", endpoint: moto.url });
}, 40_000);

afterAll(async () => {
  ec2.destroy();
  await moto.stop();
});

const id = (value: string | undefined): string => {
  if (value === undefined) throw new Error("moto gave no id");
  return value;
};

const LOCAL = { destination: "10.1.0.0/16", target: "local" } as const;
const ANYWHERE = { protocol: "all", peer: { cidr: "0.0.0.0/0" } } as const;

async function makeNetwork() {
  const vpc = id((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc?.VpcId);
  const inVpc = { VpcId: vpc };
  const subnet = async (CidrBlock: string, AvailabilityZone: string) =>
    id((await ec2.send(new CreateSubnetCommand({ ...inVpc, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId);
  const table = async (...subnets: string[]) => {
    const RouteTableId = id((await ec2.send(new CreateRouteTableCommand(inVpc))).RouteTable?.RouteTableId);
    for (const SubnetId of subnets) await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    return RouteTableId;
  };
  const group = async (GroupName: string) =>
    id((await ec2.send(new CreateSecurityGroupCommand({ ...inVpc, GroupName, Description: GroupName }))).GroupId);
  const publicA = await subnet("10.1.0.0/24", "us-east-1a");
  const privateA = await subnet("10.1.1.0/24", "us-east-1a");
  const publicB = await subnet("10.1.2.0/24", "us-east-1b");
  const privateB = await subnet("10.1.3.0/24", "us-east-1b");
  const bare = await subnet("10.1.4.0/24", "us-east-1a");
  const publicTable = await table(publicA, publicB);
  const privateTable = await table(privateA, privateB);
  const igw = id((await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId);
  await ec2.send(new AttachInternetGatewayCommand({ ...inVpc, InternetGatewayId: igw }));
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc", Address: "198.51.100.10" }));
  const nat = id((await ec2.send(new CreateNatGatewayCommand({ SubnetId: publicA, AllocationId }))).NatGateway?.NatGatewayId);
  await ec2.send(new CreateRouteCommand({ RouteTableId: publicTable, DestinationCidrBlock: "0.0.0.0/0", GatewayId: igw }));
  await ec2.send(new CreateRouteCommand({ RouteTableId: privateTable, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: nat }));
  const endpoint = await ec2.send(
    new CreateVpcEndpointCommand({ ...inVpc, ServiceName: "com.amazonaws.us-east-1.s3", VpcEndpointType: "Gateway", RouteTableIds: [privateTable] }),
  );
  const [door, nodes] = [await group("door"), await group("nodes")];
  const port = { IpProtocol: "tcp", FromPort: 8080, ToPort: 8080 };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: nodes, IpPermissions: [{ ...port, UserIdGroupPairs: [{ GroupId: door }] }] }));
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: door, IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }));
  await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: door, IpPermissions: [{ ...port, UserIdGroupPairs: [{ GroupId: nodes }] }] }));
  const described = await describeNetwork(ec2);
  const own = described.securityGroups.find((one) => one.VpcId === vpc && one.GroupName === "default");
  const main = described.routeTables.find((one) => one.VpcId === vpc && one.Associations?.some((association) => association.Main));
  const ids = { publicA, privateA, publicB, privateB, bare, publicTable, privateTable, nat, door, nodes };
  return { ...ids, vpc, endpoint: id(endpoint.VpcEndpoint?.VpcEndpointId), mainTable: id(main?.RouteTableId), defaultGroup: id(own?.GroupId) };
}

test("the network that EC2 describes is the network that the machine is told", async () => {
  const made = await makeNetwork();
  const { publicA, privateA, publicB, privateB, bare, publicTable, privateTable, mainTable, nat, door, nodes } = made;
  const eni = { id: "eni-1", subnetId: privateA, privateIp: "10.1.1.4", securityGroupIds: [nodes], netns: "i-1" };
  const addresses = new SubnetAddresses();
  const addressIn: AddressIn = (...asked) => addresses.take(...asked);
  const state = async () => networkState(await describeNetwork(ec2), [eni, { ...eni, id: "eni-2", subnetId: "subnet-elsewhere" }], addressIn);

  const { vpcs } = await state();

  const toNodes = (securityGroupId: string) => ({ protocol: "tcp", fromPort: 8080, toPort: 8080, peer: { securityGroupId } }) as const;
  const s3 = { destination: "s3", target: "gateway-endpoint" } as const;
  const viaNat = { destination: "0.0.0.0/0", target: "nat-gateway", natGatewayId: nat } as const;
  expect(vpcs).toEqual([
    {
      id: made.vpc,
      cidr: "10.1.0.0/16",
      internetGateway: true,
      subnets: [
        { id: publicA, cidr: "10.1.0.0/24", zone: "us-east-1a", routeTableId: publicTable },
        { id: privateA, cidr: "10.1.1.0/24", zone: "us-east-1a", routeTableId: privateTable },
        { id: bare, cidr: "10.1.4.0/24", zone: "us-east-1a", routeTableId: mainTable },
        { id: publicB, cidr: "10.1.2.0/24", zone: "us-east-1b", routeTableId: publicTable },
        { id: privateB, cidr: "10.1.3.0/24", zone: "us-east-1b", routeTableId: privateTable },
      ],
      routeTables: [
        { id: mainTable, routes: [LOCAL] },
        { id: publicTable, routes: [LOCAL, { destination: "0.0.0.0/0", target: "internet-gateway" }] },
        { id: privateTable, routes: [LOCAL, viaNat, s3] },
      ],
      natGateways: [{ id: nat, subnetId: publicA, privateIp: "10.1.0.4", publicIp: "198.51.100.10" }],
      securityGroups: [
        // AWS lets the group reach itself; moto forgets that.
        { id: made.defaultGroup, ingress: [], egress: [ANYWHERE] },
        { id: door, ingress: [], egress: [toNodes(nodes)] },
        { id: nodes, ingress: [toNodes(door)], egress: [ANYWHERE] },
      ],
      enis: [eni],
    },
  ]);

  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [made.endpoint] }));
  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: nat }));
  const [after] = (await state()).vpcs;
  expect(after?.natGateways).toEqual([]);
  expect(after?.routeTables[2]).toEqual({ id: privateTable, routes: [LOCAL, viaNat] });
}, 30_000);
