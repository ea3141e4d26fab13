import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { FunctionConfig } from "../../../../lab/cloud/lambda/function";
import { FunctionNetwork } from "../../../../lab/cloud/lambda/function-network";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { Moto } from "../../provider/moto";

jest.setTimeout(30_000);

let moto: Moto;
let ec2: EC2Client;
let network: FunctionNetwork;
let made: { vpcId: string; subnetIds: string[]; groupId: string; foreignGroupId: string };

beforeAll(async () => {
  moto = await Moto.start();
  ec2 = new EC2Client({ region: "us-east-1", endpoint: moto.url });
  network = new FunctionNetwork(ec2, new SubnetAddresses());
  const vpc = async (CidrBlock: string): Promise<string> => (await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? "";
  const group = async (VpcId: string): Promise<string> =>
    (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "g", Description: "g" }))).GroupId ?? "";
  const vpcId = await vpc("10.4.0.0/16");
  const subnets = ["10.4.1.0/24", "10.4.2.0/24"].map(
    async (CidrBlock) => (await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock }))).Subnet?.SubnetId ?? "",
  );
  made = { vpcId, subnetIds: await Promise.all(subnets), groupId: await group(vpcId), foreignGroupId: await group(await vpc("10.5.0.0/16")) };
}, 60_000);

afterAll(async () => {
  ec2.destroy();
  await moto.stop();
});

test("a function has an interface with its groups in each of its subnets, and a place behind each", async () => {
  const vpc = await network.resolve({ SubnetIds: made.subnetIds, SecurityGroupIds: [made.groupId] });
  expect(vpc).toEqual({ vpcId: made.vpcId, subnetIds: made.subnetIds, securityGroupIds: [made.groupId] });
  const config = { name: "sentinel", vpc } as FunctionConfig;
  const [a, b] = made.subnetIds;
  expect(network.enis(config)).toEqual([
    {
      id: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
      subnetId: a,
      privateIp: "10.4.1.4",
      securityGroupIds: [made.groupId],
      netns: `lambda-sentinel-${a}`,
    },
    {
      id: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
      subnetId: b,
      privateIp: "10.4.2.4",
      securityGroupIds: [made.groupId],
      netns: `lambda-sentinel-${b}`,
    },
  ]);
  expect(network.enis(config)).toEqual(network.enis(config));
  expect(network.places(config)).toEqual([`lambda-sentinel-${a}`, `lambda-sentinel-${b}`]);
});

test("a function in no VPC runs on AWS's own side", async () => {
  expect(await network.resolve({ SubnetIds: [], SecurityGroupIds: [] })).toBeUndefined();
  const config = { name: "lifecycle", vpc: undefined } as FunctionConfig;
  expect([network.enis(config), network.places(config)]).toEqual([[], ["functions"]]);
});

test.each<[string, () => object, string]>([
  [
    "a subnet is unknown",
    () => ({ SubnetIds: ["subnet-0123456789abcdef0"], SecurityGroupIds: [made.groupId] }),
    "Error occurred while DescribeSubnets.",
  ],
  [
    "a group is unknown",
    () => ({ SubnetIds: made.subnetIds, SecurityGroupIds: ["sg-0123456789abcdef0"] }),
    "Error occurred while DescribeSecurityGroups.",
  ],
  [
    "a group is another VPC's",
    () => ({ SubnetIds: made.subnetIds, SecurityGroupIds: [made.foreignGroupId] }),
    "Security Groups are required to be in the same VPC.",
  ],
])("fails when %s", async (_, asked, message) => {
  await expect(network.resolve(asked())).rejects.toMatchObject({ code: "InvalidParameterValueException", message: expect.stringContaining(message) });
});
