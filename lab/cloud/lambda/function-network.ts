import { createHash } from "node:crypto";
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { FUNCTIONS_NETNS } from "../../machine/names";
import type { EniState } from "../../machine/network-state";
import type { SubnetAddresses } from "../subnet-addresses";
import { invalid } from "./checked";
import type { FunctionConfig, VpcConfig } from "./function";

interface Asked {
  SubnetIds?: readonly string[] | undefined;
  SecurityGroupIds?: readonly string[] | undefined;
}

const netnsOf = (name: string, subnetId: string): string => `lambda-${name}-${subnetId}`;

/** Where functions are in the network: one interface in each of their subnets, or AWS's own side. */
export class FunctionNetwork {
  readonly #cidrs = new Map<string, string>();

  constructor(
    private readonly ec2: EC2Client,
    private readonly addresses: Pick<SubnetAddresses, "take" | "release">,
  ) {}

  /** A VPC as a function's configuration names it; undefined: none. @throws when it contradicts itself. */
  async resolve({ SubnetIds = [], SecurityGroupIds = [] }: Asked): Promise<VpcConfig | undefined> {
    if (SubnetIds.length + SecurityGroupIds.length === 0) return undefined;
    if (SubnetIds.length === 0 || SecurityGroupIds.length === 0) return invalid("SubnetIds and SecurityIds must coexist or be both empty list.");
    const subnets = await this.#described("DescribeSubnets", () => this.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...SubnetIds] })));
    const groups = await this.#described("DescribeSecurityGroups", () =>
      this.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...SecurityGroupIds] })),
    );
    const vpcIds = new Set([...(subnets.Subnets ?? []), ...(groups.SecurityGroups ?? [])].map(({ VpcId }) => VpcId));
    const [vpcId = ""] = vpcIds;
    if (vpcIds.size !== 1) return invalid("Security Groups are required to be in the same VPC.");
    for (const { SubnetId, CidrBlock } of subnets.Subnets ?? []) this.#cidrs.set(SubnetId ?? "", CidrBlock ?? "");
    return { vpcId, subnetIds: SubnetIds, securityGroupIds: SecurityGroupIds };
  }

  enis({ name, vpc }: FunctionConfig): EniState[] {
    return (vpc?.subnetIds ?? []).map((subnetId) => ({
      id: `eni-${createHash("sha256").update(`${name} ${subnetId}`).digest("hex").slice(0, 17)}`,
      subnetId,
      privateIp: this.addresses.take(subnetId, this.#cidrs.get(subnetId) ?? "", `lambda ${name}`),
      securityGroupIds: vpc?.securityGroupIds ?? [],
      netns: netnsOf(name, subnetId),
    }));
  }

  places({ name, vpc }: FunctionConfig): string[] {
    return vpc ? vpc.subnetIds.map((subnetId) => netnsOf(name, subnetId)) : [FUNCTIONS_NETNS];
  }

  release(name: string): void {
    this.addresses.release(`lambda ${name}`);
  }

  async #described<T>(action: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { name, message } = error as Error;
      return invalid(`Error occurred while ${action}. EC2 Error Code: ${name}. EC2 Error Message: ${message}`);
    }
  }
}
