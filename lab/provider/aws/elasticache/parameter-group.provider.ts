import {
  CreateCacheParameterGroupCommand,
  DeleteCacheParameterGroupCommand,
  DescribeCacheParameterGroupsCommand,
  DescribeCacheParametersCommand,
  ModifyCacheParameterGroupCommand,
  ResetCacheParameterGroupCommand,
} from "@aws-sdk/client-elasticache";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { cacheTags, readCacheTags, updateCacheTags } from "./cache-tags";

/** What ModifyCacheParameterGroup and its reset take in one call: an AWS limit. */
const PARAMETERS_A_CALL = 20;

interface Parameter {
  name: string;
  value: string;
}

export const parameterGroup = regionalResource({
  type: "aws:elasticache/parameterGroup:ParameterGroup",
  inputs: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z](?!.*--)[a-z0-9-]{0,254}(?<!-)$/, "must be 1-255 lower-case letters, digits or single dashes, beginning with a letter")
      .optional(),
    family: z.enum(["valkey7", "valkey8", "valkey9", "redis6.x", "redis7"]),
    description: z.string().min(1).max(255),
    parameters: z
      .array(z.strictObject({ name: z.string().min(1).max(255), value: z.string().max(8_192) }))
      .refine((all) => new Set(all.map((one) => one.name)).size === all.length, "must not name a parameter twice")
      .optional(),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", family: "replace", description: "replace", parameters: "update", tags: "update" },
  defaults: { description: "Managed by Pulumi" },
  autoname: { property: "name", maxLength: 255, form: (name) => name.toLowerCase() },
  unordered: ["parameters"],
  computed: { arn: "stable" },
  async create(inputs, { aws }) {
    await aws.elasticache.send(
      new CreateCacheParameterGroupCommand({
        CacheParameterGroupName: inputs.name,
        CacheParameterGroupFamily: inputs.family,
        Description: inputs.description,
        ...cacheTags(inputs.tagsAll),
      }),
    );
    return given(inputs.name, "name");
  },
  async settle(id, { parameters = [] }, { aws }) {
    for (const some of batches(parameters)) {
      const values = some.map(({ name, value }) => ({ ParameterName: name, ParameterValue: value }));
      await aws.elasticache.send(new ModifyCacheParameterGroupCommand({ CacheParameterGroupName: id, ParameterNameValues: values }));
    }
  },
  async read(id, known, call) {
    const it = await describe(id, call);
    const arn = given(it.ARN, "ARN");
    const { Parameters } = await call.aws.elasticache.send(new DescribeCacheParametersCommand({ CacheParameterGroupName: id, Source: "user" }));
    const parameters = (Parameters ?? []).map((one) => ({ name: one.ParameterName, value: one.ParameterValue }));
    return {
      name: it.CacheParameterGroupName,
      family: it.CacheParameterGroupFamily,
      description: it.Description,
      parameters: known.parameters === undefined && parameters.length === 0 ? undefined : parameters,
      tagsAll: await readCacheTags(arn, call),
      arn,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateCacheTags(given((await describe(id, call)).ARN, "ARN"), change, call);
    const kept = new Set(change.news.parameters?.map((one) => one.name));
    for (const some of batches((change.olds.parameters ?? []).filter((one) => !kept.has(one.name)))) {
      const values = some.map(({ name, value }) => ({ ParameterName: name, ParameterValue: value }));
      await call.aws.elasticache.send(new ResetCacheParameterGroupCommand({ CacheParameterGroupName: id, ParameterNameValues: values }));
    }
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.elasticache.send(new DeleteCacheParameterGroupCommand({ CacheParameterGroupName: id }));
    await waitFor(
      `cache parameter group ${id} to be unused`,
      180,
      whileRefused(["InvalidCacheParameterGroupStateFault", "InvalidCacheParameterGroupState"], remove),
    );
  },
});

const batches = (all: readonly Parameter[]): Parameter[][] =>
  Array.from({ length: Math.ceil(all.length / PARAMETERS_A_CALL) }, (_, index) =>
    all.slice(index * PARAMETERS_A_CALL, (index + 1) * PARAMETERS_A_CALL),
  );

async function describe(id: string, { aws }: Call) {
  const { CacheParameterGroups } = await aws.elasticache.send(new DescribeCacheParameterGroupsCommand({ CacheParameterGroupName: id }));
  return found(CacheParameterGroups?.[0], `cache parameter group ${id}`);
}
