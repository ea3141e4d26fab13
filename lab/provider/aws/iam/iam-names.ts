import { z } from "zod";

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const iamName = (maxLength: number) =>
  z.string().regex(new RegExp(`^[\\w+=,.@-]{1,${maxLength}}$`), `must be 1-${maxLength} letters, digits or _+=,.@-`);

export const iamPath = z
  .string()
  .regex(/^\/([!-~]+\/)?$/, "must begin and end with /")
  .max(512);

export const iamTags = (tagsAll: Record<string, string>) =>
  Object.keys(tagsAll).length > 0 ? { Tags: Object.entries(tagsAll).map(([Key, Value]) => ({ Key, Value })) } : {};
