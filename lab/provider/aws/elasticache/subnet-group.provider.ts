import {
  CreateCacheSubnetGroupCommand,
  DeleteCacheSubnetGroupCommand,
  DescribeCacheSubnetGroupsCommand,
  ModifyCacheSubnetGroupCommand,
} from "@aws-sdk/client-elasticache";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { resourceId, setOf } from "../values";
import { cacheTags, readCacheTags, updateCacheTags } from "./cache-tags";

export const subnetGroup = regionalResource({
  type: "aws:elasticache/subnetGroup:SubnetGroup",
  inputs: z.strictObject({
    /** ElastiCache keeps it in lower case. */
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,255}$/, "must be 1-255 lower-case letters, digits or dashes")
      .optional(),
    description: z.string().min(1).max(255),
    subnetIds: setOf(resourceId("subnet"), 20).min(1),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", description: "update", subnetIds: "update", tags: "update" },
  defaults: { description: "Managed by Pulumi" },
  autoname: { property: "name", maxLength: 255, form: (name) => name.toLowerCase() },
  unordered: ["subnetIds"],
  computed: { arn: "stable", vpcId: "stable" },
  async create(inputs, { aws }) {
    await aws.elasticache.send(
      new CreateCacheSubnetGroupCommand({
        CacheSubnetGroupName: inputs.name,
        CacheSubnetGroupDescription: inputs.description,
        SubnetIds: inputs.subnetIds,
        ...cacheTags(inputs.tagsAll),
      }),
    );
    return given(inputs.name, "name");
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    const arn = given(it.ARN, "ARN");
    return {
      name: it.CacheSubnetGroupName,
      description: it.CacheSubnetGroupDescription,
      subnetIds: it.Subnets?.map((one) => one.SubnetIdentifier),
      tagsAll: await readCacheTags(arn, call),
      arn,
      vpcId: it.VpcId,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateCacheTags(given((await describe(id, call)).ARN, "ARN"), change, call);
    if (!change.has("description", "subnetIds")) return;
    const { description, subnetIds } = change.news;
    await call.aws.elasticache.send(
      new ModifyCacheSubnetGroupCommand({ CacheSubnetGroupName: id, CacheSubnetGroupDescription: description, SubnetIds: subnetIds }),
    );
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.elasticache.send(new DeleteCacheSubnetGroupCommand({ CacheSubnetGroupName: id }));
    await waitFor(`cache subnet group ${id} to be unused`, 300, whileRefused(["CacheSubnetGroupInUse", "DependencyViolation"], remove));
  },
});

async function describe(id: string, { aws }: Call) {
  const { CacheSubnetGroups } = await aws.elasticache.send(new DescribeCacheSubnetGroupsCommand({ CacheSubnetGroupName: id }));
  return found(CacheSubnetGroups?.[0], `cache subnet group ${id}`);
}
