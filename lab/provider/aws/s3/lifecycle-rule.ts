import type { LifecycleRule } from "@aws-sdk/client-s3";
import { z } from "zod";

const days = z.int().min(1).max(2_147_483_647);
const storageClass = z.enum(["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]);
const size = z.int().min(0);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
export const lifecycleRule = z.strictObject({
  id: z.string().min(1).max(255),
  status: z.enum(["Enabled", "Disabled"]),
  filter: z
    .strictObject({ prefix: z.string().max(1_024).optional(), objectSizeGreaterThan: size.optional(), objectSizeLessThan: size.optional() })
    .refine((one) => Object.values(one).filter((value) => value !== undefined).length <= 1, "must have at most one of its properties")
    .optional(),
  expiration: z
    .strictObject({ days: days.optional(), expiredObjectDeleteMarker: z.boolean().optional() })
    .refine(
      (one) => (one.days === undefined) !== (one.expiredObjectDeleteMarker === undefined),
      "must have one of days and expiredObjectDeleteMarker",
    )
    .optional(),
  transitions: z.array(z.strictObject({ days: z.int().min(0), storageClass })).optional(),
  noncurrentVersionExpiration: z.strictObject({ noncurrentDays: days, newerNoncurrentVersions: z.int().min(1).max(100).optional() }).optional(),
  noncurrentVersionTransitions: z
    .array(z.strictObject({ noncurrentDays: z.int().min(0), newerNoncurrentVersions: z.int().min(1).max(100).optional(), storageClass }))
    .optional(),
  abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: days }).optional(),
});

export type LifecycleRuleInputs = z.infer<typeof lifecycleRule>;

export function toRule(rule: LifecycleRuleInputs): LifecycleRule {
  const { filter, expiration, noncurrentVersionExpiration: old, abortIncompleteMultipartUpload: abort } = rule;
  return {
    ID: rule.id,
    Status: rule.status,
    // No filter at all means every object, which S3 wants said as an empty prefix.
    Filter:
      filter?.objectSizeGreaterThan !== undefined || filter?.objectSizeLessThan !== undefined
        ? { ObjectSizeGreaterThan: filter.objectSizeGreaterThan, ObjectSizeLessThan: filter.objectSizeLessThan }
        : { Prefix: filter?.prefix ?? "" },
    Expiration: expiration && { Days: expiration.days, ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker },
    Transitions: rule.transitions?.map((one) => ({ Days: one.days, StorageClass: one.storageClass })),
    NoncurrentVersionExpiration: old && { NoncurrentDays: old.noncurrentDays, NewerNoncurrentVersions: old.newerNoncurrentVersions },
    NoncurrentVersionTransitions: rule.noncurrentVersionTransitions?.map((one) => ({
      NoncurrentDays: one.noncurrentDays,
      NewerNoncurrentVersions: one.newerNoncurrentVersions,
      StorageClass: one.storageClass,
    })),
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
  };
}

export function fromRule(rule: LifecycleRule): Record<string, unknown> {
  const { Filter: filter, Expiration: expiration, NoncurrentVersionExpiration: old, AbortIncompleteMultipartUpload: abort } = rule;
  return {
    id: rule.ID,
    status: rule.Status,
    filter: {
      prefix: filter?.Prefix ?? rule.Prefix,
      objectSizeGreaterThan: filter?.ObjectSizeGreaterThan,
      objectSizeLessThan: filter?.ObjectSizeLessThan,
    },
    expiration: expiration && { days: expiration.Days, expiredObjectDeleteMarker: expiration.ExpiredObjectDeleteMarker },
    transitions: rule.Transitions?.map((one) => ({ days: one.Days, storageClass: one.StorageClass })),
    noncurrentVersionExpiration: old && { noncurrentDays: old.NoncurrentDays, newerNoncurrentVersions: old.NewerNoncurrentVersions },
    noncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map((one) => ({
      noncurrentDays: one.NoncurrentDays,
      newerNoncurrentVersions: one.NewerNoncurrentVersions,
      storageClass: one.StorageClass,
    })),
    abortIncompleteMultipartUpload: abort && { daysAfterInitiation: abort.DaysAfterInitiation },
  };
}
