import { isAutonamed } from "./check";
import { isRecord, type Properties, Unknown } from "./property-values";
import { isUnordered, onChange, type Resource } from "./resource";
import { isSame } from "./same-value";

export type Kind = "add" | "delete" | "update";

export interface Difference {
  kind: Kind;
  replaces: boolean;
}

export interface Diff {
  /** Inputs that changed, by name. */
  changed: string[];
  replaces: string[];
  /** Every changed place, by property path (`healthCheck.interval`). */
  detailed: Map<string, Difference>;
  deleteBeforeReplace: boolean;
}

/** Inputs against inputs: what AWS filled in is never a change. */
export function diff(resource: Resource, olds: Properties, news: Properties): Diff {
  const changed = changedKeys(resource, olds, news);
  const replaces = changed.filter((key) => onChange(resource, key) === "replace");
  const detailed = new Map<string, Difference>();
  for (const key of changed) {
    for (const [path, kind] of places(key, olds[key], news[key])) detailed.set(path, { kind, replaces: replaces.includes(key) });
  }
  return { changed, replaces, detailed, deleteBeforeReplace: replaces.length > 0 && keepsItsName(resource, olds, news) };
}

export function changedKeys(resource: Resource, olds: Properties, news: Properties): string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const declared = keys.filter((key) => onChange(resource, key) !== undefined);
  return declared.filter((key) => !isSame(olds[key], news[key], isUnordered(resource, key)));
}

/**
 * Two of one explicit name cannot exist at once, so the old one goes first, as in the real provider.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
 */
function keepsItsName(resource: Resource, olds: Properties, news: Properties): boolean {
  const property = resource.autoname?.property;
  return property !== undefined && !isAutonamed(news, property) && olds[property] === news[property];
}

/** Every place where two values differ, as property paths. */
export function places(path: string, old: unknown, fresh: unknown): [string, Kind][] {
  if (isSame(old, fresh)) return [];
  if (old === undefined) return [[path, "add"]];
  if (fresh === undefined) return [[path, "delete"]];
  if (Array.isArray(old) && Array.isArray(fresh) && old.length === fresh.length) {
    return old.flatMap((item, index) => places(`${path}[${index}]`, item, fresh[index]));
  }
  if (isRecord(old) && isRecord(fresh) && !(fresh instanceof Unknown)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return keys.flatMap((key) => places(`${path}${step(key)}`, old[key], fresh[key]));
  }
  return [[path, "update"]];
}

const step = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
