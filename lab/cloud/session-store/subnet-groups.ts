import { DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { AwsError } from "../aws-error";
import { element, type Result } from "../query-protocol";
import { elastiCacheArn } from "./arn";
import { namedList, texts } from "./query-lists";
import type { ResourceTags } from "./resource-tags";

export interface GroupSubnet {
  id: string;
  zone: string;
  cidr: string;
}

export interface SubnetGroup {
  name: string;
  description: string;
  vpcId: string;
  subnets: GroupSubnet[];
}

/** Cache subnet groups: moto cannot change or delete them. */
export class SubnetGroups {
  readonly #groups = new Map<string, SubnetGroup>();

  constructor(
    private readonly ec2: EC2Client,
    private readonly tags: ResourceTags,
    private readonly isUsed: (name: string) => boolean,
  ) {}

  /** @throws CacheSubnetGroupNotFoundFault */
  find(name: string): SubnetGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError("CacheSubnetGroupNotFoundFault", `Cache Subnet Group ${name} does not exist.`, 400);
    return group;
  }

  readonly answers: Record<string, Result> = {
    CreateCacheSubnetGroup: async (params) => {
      const name = (params.CacheSubnetGroupName ?? "").toLowerCase();
      if (this.#groups.has(name)) throw new AwsError("CacheSubnetGroupAlreadyExists", `Cache Subnet Group ${name} already exists.`);
      const group = { name, description: params.CacheSubnetGroupDescription ?? "", ...(await this.#subnets(texts(params, "SubnetIds") ?? [])) };
      this.#groups.set(name, group);
      this.tags.created(elastiCacheArn("subnetgroup", name), params);
      return `<CacheSubnetGroup>${groupXml(group)}</CacheSubnetGroup>`;
    },
    ModifyCacheSubnetGroup: async (params) => {
      const group = this.find((params.CacheSubnetGroupName ?? "").toLowerCase());
      const ids = texts(params, "SubnetIds");
      const gone = ids === undefined ? [] : group.subnets.filter(({ id }) => !ids.includes(id));
      if (gone.length > 0 && this.isUsed(group.name))
        throw new AwsError("SubnetInUse", `The subnets ${gone.map(({ id }) => id).join(", ")} may be in use by a cache cluster`);
      if (ids !== undefined) Object.assign(group, await this.#subnets(ids));
      group.description = params.CacheSubnetGroupDescription ?? group.description;
      return `<CacheSubnetGroup>${groupXml(group)}</CacheSubnetGroup>`;
    },
    DescribeCacheSubnetGroups: async ({ CacheSubnetGroupName: name }) => {
      const groups = name === undefined ? [...this.#groups.values()] : [this.find(name.toLowerCase())];
      return namedList("CacheSubnetGroups", "CacheSubnetGroup", groups.map(groupXml));
    },
    DeleteCacheSubnetGroup: async (params) => {
      const { name } = this.find((params.CacheSubnetGroupName ?? "").toLowerCase());
      if (this.isUsed(name)) throw new AwsError("CacheSubnetGroupInUse", `Cache Subnet Group ${name} is currently in use by a cache cluster.`);
      this.#groups.delete(name);
      this.tags.deleted(elastiCacheArn("subnetgroup", name));
      return "";
    },
  };

  async #subnets(ids: readonly string[]): Promise<Pick<SubnetGroup, "vpcId" | "subnets">> {
    if (ids.length === 0) throw new AwsError("InvalidParameterValue", "SubnetIds: must have at least one member");
    const { Subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] })).catch((error: Error) => {
      throw new AwsError("InvalidSubnet", error.message);
    });
    const vpcIds = [...new Set(Subnets.map(({ VpcId = "" }) => VpcId))];
    if (vpcIds.length !== 1) throw new AwsError("InvalidSubnet", `SubnetIds: must be of one VPC, got ${vpcIds.join(", ")}`);
    return {
      vpcId: vpcIds[0] ?? "",
      subnets: Subnets.map(({ SubnetId = "", AvailabilityZone = "", CidrBlock = "" }) => ({ id: SubnetId, zone: AvailabilityZone, cidr: CidrBlock })),
    };
  }
}

const groupXml = ({ name, description, vpcId, subnets }: SubnetGroup): string =>
  [
    element("CacheSubnetGroupName", name),
    element("CacheSubnetGroupDescription", description),
    element("VpcId", vpcId),
    namedList(
      "Subnets",
      "Subnet",
      subnets.map(({ id, zone }) => `${element("SubnetIdentifier", id)}<SubnetAvailabilityZone>${element("Name", zone)}</SubnetAvailabilityZone>`),
    ),
    element("ARN", elastiCacheArn("subnetgroup", name)),
  ].join("");
