import type { Condition } from "./desired-state";
import { quote, wildcardRegex } from "./quote";

/**
 * The lines of one named ACL: several lines of one name are alternatives, as ELB's values of one condition are.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export const conditionAcl = (name: string, condition: Condition): string[] => matches(condition).map((match) => `acl ${name} ${match}`);

function matches(condition: Condition): string[] {
  switch (condition.field) {
    case "path-pattern":
      return condition.values.map((value) => `path -m reg ${whole(value)}`);
    case "host-header":
      return condition.values.map((value) => `req.hdr(host),field(1,:) -i -m reg ${whole(value)}`);
    case "http-header":
      return condition.values.map((value) => `${quote(`req.fhdr(${condition.name})`)} -i -m reg ${whole(value)}`);
    case "http-request-method":
      return condition.values.map((value) => `method -m str ${quote(value)}`);
    case "query-string":
      return condition.pairs.map(({ key, value }) => `query -i -m reg ${quote(queryRegex(key, value))}`);
    case "source-ip":
      return condition.values.map((value) => `src -m ip ${quote(value)}`);
  }
}

const whole = (pattern: string): string => quote(`^${wildcardRegex(pattern)}$`);

/** Without a key, the value may be any key's. */
function queryRegex(key: string | undefined, value: string): string {
  const start = key === undefined ? "([^&=]*=)?" : `${wildcardRegex(key, "[^&=]")}=`;
  return `(^|&)${start}${wildcardRegex(value, "[^&]")}(&|$)`;
}
