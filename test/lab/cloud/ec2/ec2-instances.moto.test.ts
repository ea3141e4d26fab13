import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { Ec2Instances } from "../../../../lab/cloud/ec2/ec2-instances";
import { eniOf } from "../../../../lab/cloud/ec2/launched-instance";
import { profileRole } from "../../../../lab/cloud/ec2/profile-role";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { Moto } from "../../provider/moto";

jest.setTimeout(30_000);

const SCRIPT = "#!/bin/sh\necho ünïcode\n";
let moto: Moto;
let ec2: EC2Client;
let iam: IAMClient;
let made: { subnetId: string; securityGroupId: string; launchTemplateId: string; profileArn: string };
let addresses: SubnetAddresses;
let instances: Ec2Instances;

beforeAll(async () => {
  moto = await Moto.start();
  ec2 = new EC2Client({ region: "us-east-1", endpoint: moto.url });
  iam = new IAMClient({ region: "us-east-1", endpoint: moto.url });
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.2.0.0/16" }))).Vpc?.VpcId;
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.2.1.0/28", AvailabilityZone: "us-east-1b" }));
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "nodes", Description: "nodes" }));
  await iam.send(new CreateRoleCommand({ RoleName: "node", AssumeRolePolicyDocument: "{}" }));
  const profile = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "nodes" }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "nodes", RoleName: "node" }));
  const template = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: "nodes", LaunchTemplateData: { ImageId: "ami-old", InstanceType: "t4g.nano" } }),
  );
  addresses = new SubnetAddresses();
  instances = new Ec2Instances(ec2, addresses);
  made = {
    subnetId: subnet.Subnet?.SubnetId ?? "",
    securityGroupId: group.GroupId ?? "",
    launchTemplateId: template.LaunchTemplate?.LaunchTemplateId ?? "",
    profileArn: profile.InstanceProfile?.Arn ?? "",
  };
  await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: made.launchTemplateId,
      LaunchTemplateData: {
        ImageId: "ami-0123456789abcdef0",
        InstanceType: "t4g.small",
        SecurityGroupIds: [made.securityGroupId],
        IamInstanceProfile: { Arn: made.profileArn },
        UserData: Buffer.from(SCRIPT).toString("base64"),
        MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" },
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "app", Value: "shop" }] }],
      },
    }),
  );
}, 60_000);

afterAll(async () => {
  ec2.destroy();
  iam.destroy();
  await moto.stop();
});

const order = () => ({
  launchTemplateId: made.launchTemplateId,
  version: "2",
  subnetId: made.subnetId,
  tags: { "aws:autoscaling:groupName": "fleet" },
});

async function recorded(id: string) {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
}

test("an instance has all that its launch template says", async () => {
  const launched = await instances.launch(order());
  expect(launched).toEqual({
    instanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/) as string,
    imageId: "ami-0123456789abcdef0",
    instanceType: "t4g.small",
    architecture: "x86_64",
    eniId: expect.stringMatching(/^eni-/) as string,
    subnetId: made.subnetId,
    zone: "us-east-1b",
    privateIp: "10.2.1.4",
    securityGroupIds: [made.securityGroupId],
    instanceProfile: { arn: made.profileArn, name: undefined },
    userData: SCRIPT,
    tags: expect.objectContaining({ app: "shop", "aws:autoscaling:groupName": "fleet" }) as object,
    instanceMetadataTags: true,
    launchedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  });
  const { instanceId, eniId } = launched;
  expect(eniOf(launched)).toEqual({
    id: eniId,
    subnetId: made.subnetId,
    privateIp: "10.2.1.4",
    securityGroupIds: [made.securityGroupId],
    netns: instanceId,
  });
  const record = await recorded(instanceId);
  expect(record?.PrivateIpAddress).toBe("10.2.1.4");
  expect(record?.IamInstanceProfile?.Arn).toBe(made.profileArn);
  expect(record?.SecurityGroups?.map(({ GroupId }) => GroupId)).toEqual([made.securityGroupId]);
  expect(await profileRole(iam, launched.instanceProfile)).toBe("node");
  await instances.terminate(instanceId);
  expect((await recorded(instanceId))?.State?.Name).toBe("terminated");
});

test("instances launched at the same time have addresses that nobody has or had", async () => {
  expect(addresses.take(made.subnetId, "10.2.1.0/28", "store")).toBe("10.2.1.5");
  const launched = await Promise.all([order(), order(), order()].map((one) => instances.launch(one)));
  expect(launched.map(({ privateIp }) => privateIp).sort()).toEqual(["10.2.1.6", "10.2.1.7", "10.2.1.8"]);
  for (const { instanceId } of launched) await instances.terminate(instanceId);
});

test("fails when the launch template has no such version", async () => {
  await expect(instances.launch({ ...order(), version: "7" })).rejects.toMatchObject({ name: "InvalidLaunchTemplateId.VersionNotFound" });
});

test("an instance that EC2 does not know is terminated already", async () => {
  await expect(instances.terminate("i-0123456789abcdef0")).resolves.toBeUndefined();
});
