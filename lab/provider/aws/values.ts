import { z } from "zod";

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html (8 or 17 hex digits) */
export const resourceId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be an id like ${prefix}-0123456789abcdef0`);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12}|aws)?:.+$`), `must be an ARN of ${service}`);

export const zoneName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be an availability zone's name");

export const port = z.int().min(1).max(65_535);

/** Text that must be a JSON object. */
export const jsonDocument = (maxLength: number) => z.string().max(maxLength).refine(isJsonObject, "must be a JSON object");

/** A list without duplicates, which AWS takes as a set. */
export const setOf = <T extends z.ZodType>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length, "must not hold an item twice");

/** pulumi-aws types some booleans as text. */
export const booleanText = z.enum(["true", "false"]);

function isJsonObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
