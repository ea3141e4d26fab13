import type { z } from "zod";
import type { AwsClients } from "./aws/clients";
import type { Tags } from "./tags";
import type { Probe } from "./wait";

export type OnChange = "update" | "replace";

/** What an update does to a value that AWS computes: it stays, or is only known afterwards. */
export type Computed = "stable" | "changes";

/** Checked inputs: a type with tags also gets the provider's default tags. */
export type Checked<Inputs> = string extends keyof Inputs
  ? Inputs
  : "tags" extends keyof Inputs
    ? Inputs extends { tags?: Tags | undefined }
      ? Inputs & { tagsAll: Tags }
      : Inputs
    : Inputs;

/** One call of the engine, for one resource. */
export interface Call {
  aws: AwsClients;
  region: string;
  /** Ends when the engine cancels or goes away. */
  signal: AbortSignal;
  /** Waits until the probe is done, at most `limitSeconds` (or the resource's `customTimeouts`). */
  waitFor: <T>(what: string, limitSeconds: number, probe: () => Promise<Probe<T>>) => Promise<T>;
}

export interface Change<Inputs> {
  olds: Checked<Inputs>;
  news: Checked<Inputs>;
  has: (...keys: (keyof Checked<Inputs>)[]) => boolean;
}

/** What AWS reports: all computed values, and those inputs it can tell (an input left out counts as unchanged). */
export type Live<Inputs, Computed extends string> = { [Key in keyof Checked<Inputs>]?: unknown } & Record<Computed, unknown>;

/** An id, and what is never told again. */
export interface Made<ComputedName extends string> {
  id: string;
  computed: Partial<Record<ComputedName, unknown>>;
}

/** The life of one resource type. A "not found" of read or delete means that it is gone. */
export interface ResourceProvider<Inputs extends object, ComputedName extends string> {
  type: string;
  /** Strict: an unknown property is a fault. */
  inputs: z.ZodType<Inputs>;
  onChange: Record<keyof Inputs, OnChange>;
  computed: Record<ComputedName, Computed>;
  /** Filled in by check when absent. */
  defaults?: Partial<Inputs>;
  /** The property that gets `<resource name>-<7 hex>` when absent. */
  autoname?: Autoname<keyof Inputs>;
  /** Lists whose order does not count. */
  unordered?: readonly (keyof Inputs)[];
  /** `tags` is a list of its own kind, which the provider's default tags leave alone (Auto Scaling groups). */
  ownTags?: true;
  /** Always secret in the state. */
  secrets?: readonly (keyof Inputs | NoInfer<ComputedName>)[];
  /** Makes it and returns its id, nothing more: from here on a failure keeps the id in the state. */
  create(inputs: Checked<Inputs>, call: Call): Promise<string | Made<NoInfer<ComputedName>>>;
  /** What remains to be set or waited for after a create and after each update; idempotent. */
  settle?(id: string, inputs: Checked<Inputs>, call: Call, after: "create" | "update"): Promise<void>;
  read(
    id: string,
    known: Partial<Checked<Inputs>> & Partial<Record<ComputedName, unknown>>,
    call: Call,
  ): Promise<Live<Inputs, ComputedName> | undefined>;
  update?(id: string, change: Change<Inputs>, call: Call): Promise<void>;
  delete(id: string, state: Checked<Inputs> & Record<ComputedName, unknown>, call: Call): Promise<void>;
}

export interface Autoname<Key extends PropertyKey = string> {
  property: Key;
  maxLength: number;
  /** From the resource's name to one that AWS accepts. */
  form?(name: string): string;
}

/** A provider whose own types have done their work: the engine adapter sees only names and values. */
export type Resource = ResourceProvider<Record<string, unknown>, string> & { regional: boolean };

/** A type that exists once for all regions (IAM, Route 53, random). */
export function globalResource<Inputs extends object, ComputedName extends string>(provider: ResourceProvider<Inputs, ComputedName>): Resource {
  return { ...(provider as unknown as Resource), regional: false };
}

/** A type with a `region` property. */
export function regionalResource<Inputs extends object, ComputedName extends string>(provider: ResourceProvider<Inputs, ComputedName>): Resource {
  return { ...(provider as unknown as Resource), regional: true };
}

/** What becomes of a change of this property; those every type has in common included. */
export function onChange(resource: Resource, property: string): OnChange | undefined {
  if (property === "tagsAll" && isTagged(resource)) return "update";
  if (property === "region" && resource.regional) return "replace";
  return resource.onChange[property];
}

export const isTagged = (resource: Resource): boolean => "tags" in resource.onChange && !resource.ownTags;

export const isUnordered = (resource: Resource, property: string): boolean => resource.unordered?.includes(property) ?? false;
