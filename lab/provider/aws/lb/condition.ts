import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
const values = (maxLength: number) => z.array(z.string().min(1).max(maxLength)).min(1).max(5);

const KINDS = ["pathPattern", "hostHeader", "httpHeader", "httpRequestMethod", "queryStrings", "sourceIp"] as const;

/** One kind of test of a request. */
export const condition = z
  .strictObject({
    pathPattern: z.strictObject({ values: values(128) }).optional(),
    hostHeader: z.strictObject({ values: values(128) }).optional(),
    httpHeader: z
      .strictObject({
        httpHeaderName: z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/, "must be a header's name of 1-40 characters"),
        values: values(128),
      })
      .optional(),
    httpRequestMethod: z.strictObject({ values: values(40) }).optional(),
    queryStrings: z
      .array(z.strictObject({ key: z.string().max(128).optional(), value: z.string().max(128) }))
      .min(1)
      .max(5)
      .optional(),
    sourceIp: z.strictObject({ values: z.array(z.cidrv4()).min(1).max(5) }).optional(),
  })
  .refine((one) => KINDS.filter((kind) => one[kind] !== undefined).length === 1, `must have one of ${KINDS.join(", ")}`);

export type ConditionInputs = z.infer<typeof condition>;

export function toCondition(one: ConditionInputs): RuleCondition {
  if (one.pathPattern) return { Field: "path-pattern", PathPatternConfig: { Values: one.pathPattern.values } };
  if (one.hostHeader) return { Field: "host-header", HostHeaderConfig: { Values: one.hostHeader.values } };
  if (one.httpHeader) {
    return { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: one.httpHeader.httpHeaderName, Values: one.httpHeader.values } };
  }
  if (one.httpRequestMethod) return { Field: "http-request-method", HttpRequestMethodConfig: { Values: one.httpRequestMethod.values } };
  if (one.sourceIp) return { Field: "source-ip", SourceIpConfig: { Values: one.sourceIp.values } };
  return { Field: "query-string", QueryStringConfig: { Values: one.queryStrings?.map(({ key, value }) => ({ Key: key, Value: value })) } };
}

export function fromCondition(one: RuleCondition): Record<string, unknown> {
  const { HttpHeaderConfig: header, QueryStringConfig: query } = one;
  if (one.Field === "path-pattern") return { pathPattern: { values: one.PathPatternConfig?.Values ?? one.Values } };
  if (one.Field === "host-header") return { hostHeader: { values: one.HostHeaderConfig?.Values ?? one.Values } };
  if (one.Field === "http-header") return { httpHeader: { httpHeaderName: header?.HttpHeaderName, values: header?.Values } };
  if (one.Field === "http-request-method") return { httpRequestMethod: { values: one.HttpRequestMethodConfig?.Values } };
  if (one.Field === "source-ip") return { sourceIp: { values: one.SourceIpConfig?.Values } };
  return { queryStrings: query?.Values?.map(({ Key, Value }) => ({ key: Key, value: Value })) };
}
