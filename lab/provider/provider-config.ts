import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { places } from "./diff";
import { decode, isRecord, isUnknown, type Properties, without } from "./property-values";
import { failureOf } from "./requests";
import { type Tags, tags } from "./tags";

export interface Settings {
  region: string;
  defaultTags: Tags;
}

/** What a provider can be told by the program. */
export interface Configuration {
  schema: z.ZodType<{ region: string; defaultTags?: { tags?: Tags | undefined } | undefined }>;
  /** Where the program names none. */
  region: string | undefined;
}

/** The provider resource's own inputs, as far as the lab gives them a meaning. */
export const awsConfiguration = (region: string | undefined): Configuration => ({
  schema: z.strictObject({
    region: z.string("must be set: the program's aws:region, or AWS_REGION").regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region"),
    defaultTags: z.strictObject({ tags: tags.optional() }).optional(),
    // What a program sets for endpoints that are not AWS; they change nothing here.
    skipCredentialsValidation: z.boolean().optional(),
    skipMetadataApiCheck: z.boolean().optional(),
    skipRegionValidation: z.boolean().optional(),
    skipRequestingAccountId: z.boolean().optional(),
  }),
  region,
});

/** A provider without settings, in no region. */
export const noConfiguration: Configuration = { schema: z.strictObject({ region: z.literal("none") }), region: "none" };

export function parseSettings(args: Properties, { schema, region }: Configuration): Settings {
  const parsed = schema.safeParse(own(args, region));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return { region: parsed.data.region, defaultTags: parsed.data.defaultTags?.tags ?? {} };
}

export function checkConfig(request: pb.CheckRequest, { schema, region }: Configuration): pb.CheckResponse {
  const { properties } = decode(request.getNews());
  const issues = schema.safeParse(own(properties, region)).error?.issues ?? [];
  const response = new pb.CheckResponse();
  response.setInputs(request.getNews());
  if (!isUnknown(properties)) {
    response.setFailuresList(issues.map((issue) => failureOf({ property: issue.path.join("."), reason: issue.message })));
  }
  return response;
}

/** Another region is another cloud: everything made by the provider goes with it. */
export function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const [olds, news] = [decode(request.getOldInputs()).properties, decode(request.getNews()).properties];
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => places(key, olds[key], news[key]).length > 0);
  const response = new pb.DiffResponse();
  response.setChanges(changed.length > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList(changed);
  response.setReplacesList(changed.filter((key) => key === "region"));
  return response;
}

/** Nested values arrive as JSON text, from stack configuration and from the SDK's provider class alike. */
function own(args: Properties, region: string | undefined): Properties {
  const entries = Object.entries(without(args, "version", "pluginDownloadURL")).filter(([key]) => !key.startsWith("__"));
  return { ...(region ? { region } : {}), ...Object.fromEntries(entries.map(([key, value]) => [key, fromJson(value)])) };
}

function fromJson(value: unknown): unknown {
  if (isRecord(value) || typeof value !== "string" || !/^(\{|true$|false$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
