import type { Action as AwsAction, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Action, Condition, Listener } from "../../alb/desired-state";
import type { DescribedListener } from "./describe-balancers";

type Certificate = Listener["certificates"][number];

export function listenerState(described: DescribedListener, certificateOf: (arn: string) => Certificate): Listener {
  const { listener, certificateArns, rules } = described;
  const name = `listener ${listener.Port}`;
  if (listener.Protocol !== "HTTP" && listener.Protocol !== "HTTPS")
    throw new Error(`${name}: must be HTTP or HTTPS in the lab, got ${listener.Protocol}`);
  const numbered = rules.filter((rule) => !rule.IsDefault).sort((a, b) => Number(a.Priority) - Number(b.Priority));
  return {
    port: listener.Port ?? 0,
    protocol: listener.Protocol,
    certificates: certificateArns.map(certificateOf),
    rules: numbered.map((rule) => {
      const place = `${name}/rule ${rule.Priority}`;
      return { conditions: (rule.Conditions ?? []).map((one) => conditionState(one, place)), action: actionState(rule.Actions ?? [], place) };
    }),
    defaultAction: actionState(listener.DefaultActions ?? [], `${name}/default action`),
  };
}

/** The groups that a listener sends requests to. */
export const forwardedGroups = (listener: Listener): string[] =>
  [...listener.rules.map(({ action }) => action), listener.defaultAction].flatMap((action) =>
    action.type === "forward" ? action.groups.map(({ arn }) => arn) : [],
  );

function actionState(actions: readonly AwsAction[], place: string): Action {
  const [action, ...others] = actions;
  if (action === undefined || others.length > 0) throw new Error(`${place}: must have one action in the lab, got ${actions.length}`);
  switch (action.Type) {
    case "forward":
      return forwardState(action, place);
    case "redirect": {
      const to = action.RedirectConfig;
      return {
        type: "redirect",
        protocol: to?.Protocol ?? "#{protocol}",
        host: to?.Host ?? "#{host}",
        port: to?.Port ?? "#{port}",
        path: to?.Path ?? "/#{path}",
        query: to?.Query ?? "#{query}",
        status: to?.StatusCode === "HTTP_301" ? 301 : 302,
      };
    }
    case "fixed-response": {
      const fixed = action.FixedResponseConfig;
      const contentType = fixed?.ContentType === undefined ? {} : { contentType: fixed.ContentType };
      return { type: "fixed-response", status: Number(fixed?.StatusCode), body: fixed?.MessageBody ?? "", ...contentType };
    }
    default:
      throw new Error(`${place}: must be forward, redirect or fixed-response in the lab, got ${action.Type}`);
  }
}

function forwardState(action: AwsAction, place: string): Action {
  const { TargetGroups = [], TargetGroupStickinessConfig: stickiness } = action.ForwardConfig ?? {};
  if (stickiness?.Enabled) throw new Error(`${place}: must not have target group stickiness in the lab (AWSALBTG is not emulated)`);
  if (TargetGroups.length === 0) return { type: "forward", groups: [{ arn: action.TargetGroupArn ?? "", weight: 1 }] };
  return { type: "forward", groups: TargetGroups.map((group) => ({ arn: group.TargetGroupArn ?? "", weight: group.Weight ?? 1 })) };
}

function conditionState(one: RuleCondition, place: string): Condition {
  const values = one.Values ?? [];
  switch (one.Field) {
    case "path-pattern":
      return { field: one.Field, values: plain(one.PathPatternConfig, values, place) };
    case "host-header":
      return { field: one.Field, values: plain(one.HostHeaderConfig, values, place) };
    case "http-header":
      return { field: one.Field, name: one.HttpHeaderConfig?.HttpHeaderName ?? "", values: plain(one.HttpHeaderConfig, values, place) };
    case "http-request-method":
      return { field: one.Field, values: one.HttpRequestMethodConfig?.Values ?? values };
    case "source-ip":
      return { field: one.Field, values: one.SourceIpConfig?.Values ?? values };
    case "query-string":
      return {
        field: one.Field,
        pairs: (one.QueryStringConfig?.Values ?? []).map(({ Key, Value = "" }) => ({ value: Value, ...(Key === undefined ? {} : { key: Key }) })),
      };
    default:
      throw new Error(`${place}: must have a condition that ELB knows, got ${one.Field}`);
  }
}

function plain(config: { Values?: string[]; RegexValues?: string[] } | undefined, values: string[], place: string): string[] {
  if (config?.RegexValues?.length) throw new Error(`${place}: must not have regular expressions as values in the lab`);
  return config?.Values ?? values;
}
