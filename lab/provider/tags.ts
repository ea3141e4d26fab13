import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { isRecord, Unknown } from "./property-values";

export type Tags = Record<string, string>;

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (lengths, 50 tags, reserved prefix) */
const tagKey = z
  .string()
  .regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, "must be 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:");
const tagValue = z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, "must be at most 256 letters, digits, spaces or _.:/=+-@");

export const tags = z.record(tagKey, tagValue).refine((all) => Object.keys(all).length <= 50, "must be at most 50 tags");

/** A resource's own tags over the provider's default ones. */
export function withDefaults(defaultTags: Tags, own: unknown): unknown {
  if (own instanceof Unknown) return own;
  return { ...defaultTags, ...(isRecord(own) ? own : {}) };
}

export interface TagPair {
  Key: string;
  Value: string;
}

export const tagList = (all: Tags): TagPair[] => Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

/** Tags as AWS lists them, without those it sets itself. */
export function tagMap(list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  const own = (list ?? []).filter((tag) => tag.Key !== undefined && !tag.Key.startsWith("aws:"));
  return Object.fromEntries(own.map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
}

/** What to set and what to remove to get from one to the other. */
export function tagChanges(olds: Tags, news: Tags): { set: Tags; remove: string[] } {
  return {
    set: Object.fromEntries(Object.entries(news).filter(([key, value]) => !isDeepStrictEqual(olds[key], value))),
    remove: Object.keys(olds).filter((key) => !(key in news)),
  };
}
