import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  type Instance,
  type ResponseLaunchTemplateData,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { SubnetAddresses } from "../subnet-addresses";
import type { LaunchedInstance } from "./launched-instance";

export interface LaunchOrder {
  launchTemplateId: string;
  /** A number, $Latest or $Default. */
  version: string;
  subnetId: string;
  /** Beside the template's, and before them. */
  tags: Readonly<Record<string, string>>;
}

/** EC2's own part in an instance: moto writes it down; what is missing in moto's idea of a launch template is asked for explicitly. */
export class Ec2Instances {
  #launches = 0;

  constructor(
    private readonly client: EC2Client,
    private readonly addresses: Pick<SubnetAddresses, "take">,
  ) {}

  /** @throws when the template, its version, the subnet or its profile does not exist, or the subnet is full. */
  async launch(order: LaunchOrder): Promise<LaunchedInstance> {
    const [template, subnet] = await Promise.all([this.#template(order), this.#subnet(order.subnetId)]);
    this.#launches += 1;
    // Never given back: moto keeps the address of a terminated instance as taken, and refuses it to another.
    const privateIp = this.addresses.take(order.subnetId, subnet.cidr, `launch ${this.#launches}`);
    const { Instances } = await this.client.send(runCommand(order, template, privateIp));
    return launched(Instances?.[0], template, { ...order, zone: subnet.zone, privateIp });
  }

  /** An instance that EC2 does not know is terminated already. */
  async terminate(instanceId: string): Promise<void> {
    try {
      await this.client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    } catch (error) {
      if (!(error instanceof Error && error.name === "InvalidInstanceID.NotFound")) throw error;
    }
  }

  async #template({ launchTemplateId, version }: LaunchOrder): Promise<ResponseLaunchTemplateData> {
    const { LaunchTemplateVersions } = await this.client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId, Versions: [version] }),
    );
    const data = LaunchTemplateVersions?.[0]?.LaunchTemplateData;
    if (!data) throw new Error(`${launchTemplateId}/version: must be a version of the launch template, got ${version}`);
    return data;
  }

  async #subnet(subnetId: string): Promise<{ cidr: string; zone: string }> {
    const { Subnets } = await this.client.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
    return { cidr: Subnets?.[0]?.CidrBlock ?? "", zone: Subnets?.[0]?.AvailabilityZone ?? "" };
  }
}

/** A template names its groups at the top or, never both, in its first network interface. */
const groupIds = (template: ResponseLaunchTemplateData): string[] => template.SecurityGroupIds ?? template.NetworkInterfaces?.[0]?.Groups ?? [];

function runCommand(order: LaunchOrder, template: ResponseLaunchTemplateData, privateIp: string): RunInstancesCommand {
  const { Arn, Name } = template.IamInstanceProfile ?? {};
  return new RunInstancesCommand({
    MinCount: 1,
    MaxCount: 1,
    LaunchTemplate: { LaunchTemplateId: order.launchTemplateId, Version: order.version },
    SubnetId: order.subnetId,
    PrivateIpAddress: privateIp,
    SecurityGroupIds: groupIds(template),
    // Both forms in one call are a fault in EC2.
    ...(Arn || Name ? { IamInstanceProfile: Arn ? { Arn } : { Name } } : {}),
    TagSpecifications: [{ ResourceType: "instance", Tags: Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value })) }],
  });
}

/** @throws when EC2 did not launch what was asked for. */
function launched(
  instance: Instance | undefined,
  template: ResponseLaunchTemplateData,
  asked: { subnetId: string; zone: string; privateIp: string },
): LaunchedInstance {
  const { InstanceId: instanceId, InstanceType: instanceType, ImageId: imageId, LaunchTime: launchTime } = instance ?? {};
  const eniId = instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
  if (!instanceId || !instanceType || !imageId || !eniId || !launchTime) throw new Error(`${asked.subnetId}: EC2 launched no whole instance`);
  if (instance?.PrivateIpAddress !== asked.privateIp) {
    throw new Error(`${instanceId}/privateIp: must be ${asked.privateIp}, got ${instance?.PrivateIpAddress}`);
  }
  const profile = template.IamInstanceProfile;
  return {
    instanceId,
    imageId,
    instanceType,
    architecture: instance.Architecture ?? "x86_64",
    eniId,
    subnetId: asked.subnetId,
    zone: asked.zone,
    privateIp: asked.privateIp,
    securityGroupIds: groupIds(template),
    instanceProfile: profile ? { arn: profile.Arn, name: profile.Name } : undefined,
    userData: Buffer.from(template.UserData ?? "", "base64").toString(),
    tags: Object.fromEntries((instance.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
    instanceMetadataTags: template.MetadataOptions?.InstanceMetadataTags === "enabled",
    launchedAt: launchTime.toISOString(),
  };
}
