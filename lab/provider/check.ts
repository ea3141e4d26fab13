import { autoname } from "./autoname";
import { isUnknown, type Properties, Unknown, without } from "./property-values";
import { isTagged, type Resource } from "./resource";
import { type Tags, withDefaults } from "./tags";

export interface Failure {
  property: string;
  reason: string;
}

/** Where the real providers note which inputs they filled in: `["name"]` when the name is theirs. */
export const DEFAULTS = "__defaults";

export interface CheckRequest {
  resourceName: string;
  olds: Properties;
  news: Properties;
  seed: Uint8Array;
  region: string;
  defaultTags: Tags;
}

/** The inputs with what was left out filled in, or every fault at once. */
export function check(resource: Resource, request: CheckRequest): { inputs: Properties; failures: Failure[] } {
  const { region } = request.news;
  const news = without(request.news, DEFAULTS, "region");
  const inputs: Properties = { ...resource.defaults, ...news };
  const failures = [...schemaFailures(resource, inputs), ...regionFailures(resource, region, request.region)];
  const name = resource.autoname;
  if (name && inputs[name.property] === undefined) {
    const kept = isAutonamed(request.olds, name.property) ? request.olds[name.property] : undefined;
    try {
      inputs[name.property] = kept ?? autoname(request.resourceName, name, request.seed);
      inputs[DEFAULTS] = [name.property];
    } catch (error) {
      failures.push({ property: name.property, reason: (error as Error).message });
    }
  }
  if (isTagged(resource)) inputs.tagsAll = withDefaults(request.defaultTags, news.tags);
  return { inputs: region === undefined ? inputs : { ...inputs, region }, failures };
}

export function isAutonamed(inputs: Properties, property: string): boolean {
  return Array.isArray(inputs[DEFAULTS]) && inputs[DEFAULTS].includes(property);
}

function regionFailures(resource: Resource, region: unknown, own: string): Failure[] {
  if (region === undefined) return [];
  if (!resource.regional) return [{ property: "region", reason: `${resource.type} has no such property` }];
  return region === own || region instanceof Unknown
    ? []
    : [{ property: "region", reason: `must be the provider's region ${own}, got ${JSON.stringify(region)}` }];
}

/** A fault at a value that is not known yet may not be one: it is left to the update. */
function schemaFailures(resource: Resource, inputs: Properties): Failure[] {
  const issues = resource.inputs.safeParse(inputs).error?.issues ?? [];
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ property: [...path, key].join("."), reason: `the lab's ${resource.type} has no such property` }));
    }
    if (issue.code === "invalid_key") return issue.issues.map(({ message }) => ({ property: path.join("."), reason: message }));
    const value = path.reduce<unknown>((inner, key) => (inner as Properties | undefined)?.[key], inputs);
    if (isUnknown(value)) return [];
    return [{ property: path.join("."), reason: `${issue.message}${shown(value)}` }];
  });
}

const shown = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `, got ${JSON.stringify(value).slice(0, 200)}` : "";
