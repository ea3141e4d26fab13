import type { ServiceAddresses } from "./addresses";
import type { SecurityGroupRule, VpcState } from "./network-state";

type Direction = "ingress" | "egress";

/** The addresses a rule names: a security group means its members' private addresses, at this moment. */
function peers(rule: SecurityGroupRule, vpc: VpcState, services: ServiceAddresses): string[] {
  if ("cidr" in rule.peer) return [rule.peer.cidr];
  if ("service" in rule.peer) return [services[rule.peer.service]];
  const group = rule.peer.securityGroupId;
  return vpc.enis.filter((eni) => eni.securityGroupIds.includes(group)).map((eni) => eni.privateIp);
}

function protocolMatch(rule: SecurityGroupRule): string {
  if (rule.protocol === "all") return "";
  if (rule.protocol === "icmp") return "ip protocol icmp";
  if (rule.fromPort === undefined || rule.toPort === undefined) return `ip protocol ${rule.protocol}`;
  return `${rule.protocol} dport ${rule.fromPort === rule.toPort ? rule.fromPort : `${rule.fromPort}-${rule.toPort}`}`;
}

/**
 * One security group rule as nftables' match; undefined when it names nobody. Allowed egress goes on to the other side's ingress
 * (`return`), allowed ingress is the end (`accept`).
 */
export function ruleLine(direction: Direction, rule: SecurityGroupRule, vpc: VpcState, services: ServiceAddresses): string | undefined {
  const addresses = [...new Set(peers(rule, vpc, services))].sort();
  if (addresses.length === 0) return undefined;
  const side = direction === "ingress" ? "saddr" : "daddr";
  const everybody = addresses.includes("0.0.0.0/0");
  const address = everybody ? "" : `ip ${side} ${addresses.length === 1 ? addresses[0] : `{ ${addresses.join(", ")} }`}`;
  return [address, protocolMatch(rule), direction === "ingress" ? "accept" : "return"].filter((part) => part !== "").join(" ");
}

/** All rules of an interface's groups; what none allows is dropped. */
export function eniRules(direction: Direction, groupIds: readonly string[], vpc: VpcState, services: ServiceAddresses): string[] {
  const rules = groupIds.flatMap((id) => {
    const group = vpc.securityGroups.find((candidate) => candidate.id === id);
    if (!group) throw new Error(`${vpc.id}/securityGroups: must contain ${id}, which an ENI uses, got no such group`);
    return group[direction];
  });
  const lines = rules.flatMap((rule) => ruleLine(direction, rule, vpc, services) ?? []);
  return [...new Set(lines), "drop"];
}
