import { z } from "zod";

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (target groups take the same) */
export const elbName = z
  .string()
  .regex(/^(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/, "must be 1-32 letters, digits or dashes, no dash at either end")
  .refine((name) => !name.startsWith("internal-"), "must not begin with internal-");

/** The end of an ARN, as CloudWatch names a load balancer or target group. */
export const arnSuffix = (arn: string): string => (arn.split(":").at(-1) ?? "").replace(/^loadbalancer\//, "");
