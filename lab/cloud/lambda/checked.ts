import type { z } from "zod";
import { AwsError } from "../aws-error";

/** An input that fits, or Lambda's error with every fault of it. */
export function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String).join(".");
    const message = issue.code === "invalid_key" ? issue.issues.map((one) => one.message).join("; ") : issue.message;
    return path === "" || message.startsWith("Lambda was") ? message : `${path}: ${message}`;
  });
  throw new AwsError("InvalidParameterValueException", faults.join("; "));
}

export const invalid = (message: string): never => {
  throw new AwsError("InvalidParameterValueException", message);
};
