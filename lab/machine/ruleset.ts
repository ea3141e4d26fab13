import { IMDS, nthAddress, RESOLVER, type ServiceAddresses } from "./addresses";
import { AWS_LINK, routerInterface } from "./names";
import type { VpcState } from "./network-state";
import { eniRules } from "./security-group-rules";
import { endpointServices, hasRoute, type RoutedEni, routedEnis } from "./vpc-enis";

export interface RulesetContext {
  services: ServiceAddresses;
  /** The router's address on its link to AWS's side. */
  linkAddress: string;
  /** Where the metadata service of an ENI's instance listens on AWS's side. */
  imdsPort: (eniId: string) => number;
}

const TABLE = "ip vpc";

const chain = (name: string, lines: readonly string[]): string => `  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join("")}  }\n`;

const map = (pairs: readonly string[]): string => `{ ${pairs.join(", ")} }`;

/** The internet gateway's 1:1 pairs: none without a gateway or without a route to it. */
const publicPairs = (vpc: VpcState, enis: readonly RoutedEni[]): { privateIp: string; publicIp: string }[] =>
  vpc.internetGateway
    ? enis.flatMap((eni) => (eni.publicIp && hasRoute(vpc, eni, "internet-gateway") ? [{ privateIp: eni.privateIp, publicIp: eni.publicIp }] : []))
    : [];

function endpointPairs(vpc: VpcState, enis: readonly RoutedEni[], services: ServiceAddresses): string[] {
  return enis.flatMap((eni) => endpointServices(vpc, eni).map((service) => `${eni.privateIp} . ${services[service]}`));
}

/** A NAT gateway admits new connections from its VPC only. */
const natIngress = [`iifname "${AWS_LINK}" drop`, "accept"];

/**
 * A VPC's router as one nftables ruleset, replaced as a whole: security groups at both interfaces, the internet gateway's 1:1
 * translation, gateway endpoints, the resolver and the metadata service. Established flows keep passing, as on AWS.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-connection-tracking.html (in the EC2 guide: security-group-connection-tracking)
 */
export function renderRuleset(vpc: VpcState, context: RulesetContext): string {
  const enis = routedEnis(vpc);
  const pairs = publicPairs(vpc, enis);
  const endpoints = endpointPairs(vpc, enis, context.services);
  const vmap = (prefix: string) => enis.map((eni) => `"${routerInterface(eni)}" : jump ${prefix}_${routerInterface(eni)}`);
  const spoofed = enis.filter((eni) => !eni.natGateway);

  const text = [
    chain("prerouting", [
      "type nat hook prerouting priority dstnat; policy accept;",
      `ip daddr ${nthAddress(vpc.cidr, 2)} dnat to ${RESOLVER}`,
      ...spoofed.map((eni) => `iifname "${routerInterface(eni)}" ip daddr ${IMDS} tcp dport 80 dnat to ${IMDS}:${context.imdsPort(eni.id)}`),
      ...(pairs.length > 0 ? [`iifname "${AWS_LINK}" dnat to ip daddr map ${map(pairs.map((pair) => `${pair.publicIp} : ${pair.privateIp}`))}`] : []),
    ]),
    chain("input", ["type filter hook input priority filter; policy drop;"]),
    chain("forward", [
      "type filter hook forward priority filter; policy drop;",
      // EC2's source check: an interface sends with its own address only, a NAT gateway's excepted.
      ...spoofed.map((eni) => `iifname "${routerInterface(eni)}" ip saddr != ${eni.privateIp} drop`),
      "ct state established,related accept",
      "ct state invalid drop",
      // Security groups do not see the resolver and IMDS. Only translated requests reach IMDS: one instance cannot ask for another.
      `ip daddr ${RESOLVER} oifname "${AWS_LINK}" accept`,
      `ip daddr ${IMDS} ct status dnat oifname "${AWS_LINK}" accept`,
      "ip daddr 169.254.0.0/16 drop",
      ...(enis.length > 0 ? [`iifname vmap ${map(vmap("out"))}`, `oifname vmap ${map([...vmap("in"), `"${AWS_LINK}" : jump internet`])}`] : []),
    ]),
    chain("internet", [
      ...(endpoints.length > 0 ? [`ip saddr . ip daddr ${map(endpoints)} accept`] : []),
      ...(pairs.length > 0 ? [`ip saddr ${map(pairs.map((pair) => pair.privateIp))} accept`] : []),
      "drop",
    ]),
    ...enis.flatMap((eni) => [
      chain(`out_${routerInterface(eni)}`, eni.natGateway ? ["return"] : eniRules("egress", eni.securityGroupIds, vpc, context.services)),
      chain(`in_${routerInterface(eni)}`, eni.natGateway ? natIngress : eniRules("ingress", eni.securityGroupIds, vpc, context.services)),
    ]),
    chain("postrouting", [
      "type nat hook postrouting priority srcnat; policy accept;",
      `oifname "${AWS_LINK}" ip daddr { ${RESOLVER}, ${IMDS} } snat to ${context.linkAddress}`,
      ...(endpoints.length > 0 ? [`oifname "${AWS_LINK}" ip saddr . ip daddr ${map(endpoints)} snat to ${context.linkAddress}`] : []),
      ...(pairs.length > 0 ? [`oifname "${AWS_LINK}" snat to ip saddr map ${map(pairs.map((pair) => `${pair.privateIp} : ${pair.publicIp}`))}`] : []),
    ]),
  ].join("\n");
  // Adding first makes deleting succeed at the first load too; nft applies a file as one transaction.
  return `add table ${TABLE}\ndelete table ${TABLE}\ntable ${TABLE} {\n${text}}\n`;
}
