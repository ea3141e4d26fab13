import { AwsError } from "../aws-error";
import { element, type Result } from "../query-protocol";
import { elastiCacheArn } from "./arn";
import { findParameter, PARAMETERS, valueFault } from "./parameter-table";
import { namedList, structs } from "./query-lists";
import type { ResourceTags } from "./resource-tags";

const FAMILIES = ["valkey7", "valkey8", "valkey9", "redis7"];

/** ModifyCacheParameterGroup's limit. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheParameterGroup.html */
const PARAMETERS_A_CALL = 20;

interface ParameterGroup {
  name: string;
  family: string;
  description: string;
  /** What was set apart from the defaults. */
  values: Map<string, string>;
}

type Params = Readonly<Record<string, string>>;

/** Cache parameter groups, which moto does not have. Each family has its unchangeable `default.<family>`. */
export class ParameterGroups {
  readonly #groups = new Map<string, ParameterGroup>(
    FAMILIES.map((family) => [
      `default.${family}`,
      { name: `default.${family}`, family, description: `Default parameter group for ${family}`, values: new Map() },
    ]),
  );

  constructor(
    private readonly tags: ResourceTags,
    private readonly isUsed: (name: string) => boolean,
    private readonly onChange: (name: string) => void,
  ) {}

  /** Every parameter's value. @throws CacheParameterGroupNotFound */
  values(name: string): Map<string, string> {
    const { values } = this.#find(name);
    return new Map(PARAMETERS.map((parameter) => [parameter.name, values.get(parameter.name) ?? parameter.byDefault]));
  }

  readonly answers: Record<string, Result> = {
    CreateCacheParameterGroup: async (params) => {
      const { CacheParameterGroupName: name = "", CacheParameterGroupFamily: family = "", Description: description = "" } = params;
      if (this.#groups.has(name)) throw new AwsError("CacheParameterGroupAlreadyExists", `Cache parameter group ${name} already exists`);
      if (!FAMILIES.includes(family))
        throw new AwsError("InvalidParameterValue", `CacheParameterGroupFamily: must be one of ${FAMILIES.join(", ")}, got ${family}`);
      const group = { name, family, description, values: new Map<string, string>() };
      this.#groups.set(name, group);
      this.tags.created(elastiCacheArn("parametergroup", name), params);
      return `<CacheParameterGroup>${groupXml(group)}</CacheParameterGroup>`;
    },
    ModifyCacheParameterGroup: async (params) => {
      const group = this.#changeable(params);
      const wanted = structs(params, "ParameterNameValues").map(({ ParameterName = "", ParameterValue = "" }) => ({
        name: ParameterName,
        value: ParameterValue,
      }));
      if (wanted.length === 0 || wanted.length > PARAMETERS_A_CALL) {
        throw new AwsError("InvalidParameterValue", `ParameterNameValues: must have 1-${PARAMETERS_A_CALL} members, got ${wanted.length}`);
      }
      for (const { name, value } of wanted) {
        const parameter = known(name);
        const fault = valueFault(parameter, value);
        if (fault !== undefined) throw new AwsError("InvalidParameterValue", `${name}: ${fault}, got ${value}`);
      }
      for (const { name, value } of wanted) group.values.set(name, value);
      this.onChange(group.name);
      return element("CacheParameterGroupName", group.name);
    },
    ResetCacheParameterGroup: async (params) => {
      const group = this.#changeable(params);
      const names =
        params.ResetAllParameters === "true"
          ? [...group.values.keys()]
          : structs(params, "ParameterNameValues").map((one) => one.ParameterName ?? "");
      for (const name of names) group.values.delete(known(name).name);
      this.onChange(group.name);
      return element("CacheParameterGroupName", group.name);
    },
    DescribeCacheParameterGroups: async ({ CacheParameterGroupName: name }) => {
      const groups = name === undefined ? [...this.#groups.values()] : [this.#find(name)];
      return namedList("CacheParameterGroups", "CacheParameterGroup", groups.map(groupXml));
    },
    DescribeCacheParameters: async ({ CacheParameterGroupName: name = "", Source: source }) => {
      const { values } = this.#find(name);
      const shown = PARAMETERS.filter((one) => source === undefined || (source === "user") === values.has(one.name));
      return namedList(
        "Parameters",
        "Parameter",
        shown.map((one) =>
          [
            element("ParameterName", one.name),
            element("ParameterValue", values.get(one.name) ?? one.byDefault),
            element("Source", values.has(one.name) ? "user" : "system"),
            element("DataType", one.type),
            element("AllowedValues", one.allowed),
            element("IsModifiable", true),
            element("ChangeType", one.change),
          ].join(""),
        ),
      );
    },
    DeleteCacheParameterGroup: async (params) => {
      const { name } = this.#changeable(params);
      if (this.isUsed(name)) throw new AwsError("InvalidCacheParameterGroupState", `Cache parameter group ${name} is in use by a replication group`);
      this.#groups.delete(name);
      this.tags.deleted(elastiCacheArn("parametergroup", name));
      return "";
    },
  };

  #changeable({ CacheParameterGroupName: name = "" }: Params): ParameterGroup {
    const group = this.#find(name);
    if (name.startsWith("default."))
      throw new AwsError("InvalidCacheParameterGroupState", `Cache parameter group ${name} is a default one and cannot be changed`);
    return group;
  }

  #find(name: string): ParameterGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError("CacheParameterGroupNotFound", `CacheParameterGroup ${name} not found`, 404);
    return group;
  }
}

function known(name: string) {
  const parameter = findParameter(name);
  if (parameter === undefined) throw new AwsError("InvalidParameterValue", `${name}: must be a parameter that can be changed`);
  return parameter;
}

const groupXml = ({ name, family, description }: ParameterGroup): string =>
  [
    element("CacheParameterGroupName", name),
    element("CacheParameterGroupFamily", family),
    element("Description", description),
    element("IsGlobal", false),
    element("ARN", elastiCacheArn("parametergroup", name)),
  ].join("");
