import { conditionAcl } from "./conditions";
import type { Action, Listener } from "./desired-state";
import { backendName } from "./names";
import { literalFormat, quote } from "./quote";

export interface RuleLines {
  /** Choose the first rule that matches, then answer or forward. */
  lines: string[];
  /** Bodies of fixed responses by file name. */
  files: Record<string, string>;
}

/** The default action is the last rule: it has no conditions. */
export function ruleLines(listener: Listener, folder: string): RuleLines {
  const rules = [...listener.rules, { conditions: [], action: listener.defaultAction }];
  const lines: string[] = [];
  const files: Record<string, string> = {};
  rules.forEach((rule, index) => {
    const acls = rule.conditions.map((condition, at) => ({ name: `r${index}c${at}`, condition }));
    lines.push(...acls.flatMap(({ name, condition }) => conditionAcl(name, condition)));
    // HAProxy runs all http-request rules before any use_backend: the choice must be made apart from the action to keep ELB's order.
    lines.push(`http-request set-var(txn.rule) int(${index}) ${["if !{ var(txn.rule) -m found }", ...acls.map(({ name }) => name)].join(" ")}`);
  });
  if (rules.some((rule) => rule.action.type === "redirect")) {
    lines.push("http-request set-var-fmt(txn.query) ?%[query] if { query -m len gt 0 }");
  }
  rules.forEach((rule, index) => {
    const chosen = `{ var(txn.rule) -m int ${index} }`;
    if (rule.action.type === "redirect") lines.push(redirectLine(rule.action, listener, chosen));
    if (rule.action.type === "fixed-response") {
      const file = `body-${listener.port}-${index}`;
      if (rule.action.body !== "") files[file] = rule.action.body;
      lines.push(fixedLine(rule.action, rule.action.body === "" ? undefined : `${folder}/${file}`, chosen));
    }
  });
  return { lines: [...lines, ...forwardLines(rules.map((rule) => rule.action))], files };
}

function forwardLines(actions: readonly Action[]): string[] {
  const weighted = actions.some((action) => action.type === "forward" && action.groups.length > 1);
  const lines = weighted ? ["http-request set-var(txn.pick) rand(1000000)"] : [];
  actions.forEach((action, index) => {
    if (action.type !== "forward") return;
    const chosen = `{ var(txn.rule) -m int ${index} }`;
    const total = action.groups.reduce((sum, group) => sum + group.weight, 0);
    let before = 0;
    action.groups.forEach((group, at) => {
      before += group.weight;
      const share =
        at === action.groups.length - 1 ? "" : ` { var(txn.pick) -m int lt ${total === 0 ? 0 : Math.round((before / total) * 1_000_000)} }`;
      lines.push(`use_backend ${backendName(group.arn)} if ${chosen}${share}`);
    });
  });
  return lines;
}

type Redirect = Extract<Action, { type: "redirect" }>;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#redirect-actions */
function redirectLine(action: Redirect, listener: Listener, chosen: string): string {
  const scheme = listener.protocol.toLowerCase();
  const fill = (template: string): string =>
    literalFormat(template)
      .replaceAll("#{protocol}", scheme)
      .replaceAll("#{host}", "%[req.hdr(host),field(1,:)]")
      .replaceAll("#{port}", String(listener.port))
      .replaceAll("#{path}", "%[path,bytes(1)]")
      .replaceAll("#{query}", "%[query]");
  const query = action.query === "#{query}" ? "%[var(txn.query)]" : action.query === "" ? "" : `?${fill(action.query)}`;
  const location = `${fill(action.protocol).toLowerCase()}://${fill(action.host)}:${fill(action.port)}${fill(action.path)}${query}`;
  return `http-request return status ${action.status} hdr Server awselb/2.0 hdr Location ${quote(location)} if ${chosen}`;
}

function fixedLine(action: Extract<Action, { type: "fixed-response" }>, file: string | undefined, chosen: string): string {
  const body = file === undefined ? "" : ` content-type ${quote(action.contentType ?? "text/plain; charset=utf-8")} file ${quote(file)}`;
  return `http-request return status ${action.status}${body} hdr Server awselb/2.0 if ${chosen}`;
}
