import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { arn } from "../values";

const targetGroupArn = arn("elasticloadbalancing");

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const fixedResponse = z.strictObject({
  contentType: z.enum(["text/plain", "text/css", "text/html", "application/javascript", "application/json"]),
  messageBody: z.string().max(1024).optional(),
  statusCode: z
    .string()
    .regex(/^[245]\d\d$/, "must be a 2xx, 4xx or 5xx code as text")
    .optional(),
});

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
const redirect = z.strictObject({
  host: z.string().max(128).optional(),
  path: z.string().max(128).startsWith("/").optional(),
  port: z
    .string()
    .regex(/^(\d{1,5}|#\{port\})$/, "must be a port as text, or #{port}")
    .optional(),
  protocol: z.enum(["HTTP", "HTTPS", "#{protocol}"]).optional(),
  query: z.string().max(128).optional(),
  statusCode: z.enum(["HTTP_301", "HTTP_302"]),
});

const forward = z.strictObject({
  targetGroups: z
    .array(z.strictObject({ arn: targetGroupArn, weight: z.int().min(0).max(999).optional() }))
    .min(1)
    .max(5),
  stickiness: z.strictObject({ enabled: z.boolean().optional(), duration: z.int().min(1).max(604_800) }).optional(),
});

/** What a listener or a rule does with a request: one of these, and what it needs. */
export const action = z
  .strictObject({
    type: z.enum(["forward", "redirect", "fixed-response"]),
    order: z.int().min(1).max(50_000).optional(),
    targetGroupArn: targetGroupArn.optional(),
    forward: forward.optional(),
    redirect: redirect.optional(),
    fixedResponse: fixedResponse.optional(),
  })
  .refine(
    (one) => one.type !== "forward" || (one.targetGroupArn === undefined) !== (one.forward === undefined),
    "must have one of targetGroupArn and forward",
  )
  .refine((one) => (one.type === "redirect") === (one.redirect !== undefined), "must have redirect exactly when type is redirect")
  .refine(
    (one) => (one.type === "fixed-response") === (one.fixedResponse !== undefined),
    "must have fixedResponse exactly when type is fixed-response",
  );

export type ActionInputs = z.infer<typeof action>;

export function toAction(one: ActionInputs): Action {
  const { fixedResponse: fixed, redirect: to, forward: groups } = one;
  return {
    Type: one.type,
    Order: one.order,
    TargetGroupArn: one.targetGroupArn,
    FixedResponseConfig: fixed && { ContentType: fixed.contentType, MessageBody: fixed.messageBody, StatusCode: fixed.statusCode ?? "200" },
    RedirectConfig: to && { Host: to.host, Path: to.path, Port: to.port, Protocol: to.protocol, Query: to.query, StatusCode: to.statusCode },
    ForwardConfig: groups && {
      TargetGroups: groups.targetGroups.map((group) => ({ TargetGroupArn: group.arn, Weight: group.weight ?? 1 })),
      TargetGroupStickinessConfig: groups.stickiness && { Enabled: groups.stickiness.enabled ?? false, DurationSeconds: groups.stickiness.duration },
    },
  };
}

/** The same shape for both ways to say one target group: AWS answers either with both. */
export function fromAction(one: Action): Record<string, unknown> {
  const { FixedResponseConfig: fixed, RedirectConfig: to, ForwardConfig: groups } = one;
  return {
    type: one.Type,
    order: one.Order,
    targetGroupArn: one.TargetGroupArn ?? (groups?.TargetGroups?.length === 1 ? groups.TargetGroups[0]?.TargetGroupArn : undefined),
    fixedResponse: fixed && { contentType: fixed.ContentType, messageBody: fixed.MessageBody, statusCode: fixed.StatusCode },
    redirect: to && { host: to.Host, path: to.Path, port: to.Port, protocol: to.Protocol, query: to.Query, statusCode: to.StatusCode },
    forward: groups && {
      targetGroups: groups.TargetGroups?.map((group) => ({ arn: group.TargetGroupArn, weight: group.Weight })),
      stickiness: groups.TargetGroupStickinessConfig && {
        enabled: groups.TargetGroupStickinessConfig.Enabled,
        duration: groups.TargetGroupStickinessConfig.DurationSeconds,
      },
    },
  };
}
