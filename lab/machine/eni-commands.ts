import { nthAddress, parseCidr } from "./addresses";
import { macAddress, routerInterface } from "./names";
import type { SubnetState } from "./network-state";
import type { RoutedEni } from "./vpc-enis";

/** The pair between an ENI's namespace and its router, for `ip -batch` on AWS's side. */
export function pairLine(eni: RoutedEni, router: string, inside: string): string {
  return `link add name ${routerInterface(eni)} netns ${router} type veth peer name ${inside} netns ${eni.netns} address ${macAddress(eni.id)}`;
}

/** The route table, and the preference of its rule, of the interface eth<position> in its namespace. */
export const insideTable = (position: number): number => 100 + position;

/**
 * An ENI from the inside, for `ip -batch` in its namespace. The subnet has no route of its own: traffic inside it takes the router too,
 * where the security groups are, as on AWS. Replies leave by the interface whose address they carry, should there be several.
 */
export function insideLines(eni: RoutedEni, subnet: SubnetState, inside: string, position: number): string[] {
  const gateway = nthAddress(subnet.cidr, 1);
  const table = insideTable(position);
  return [
    "link set lo up",
    `address add ${eni.privateIp}/${parseCidr(subnet.cidr).prefix} dev ${inside} noprefixroute`,
    `link set ${inside} up`,
    `route replace ${gateway}/32 dev ${inside} src ${eni.privateIp} metric ${table}`,
    `route replace default via ${gateway} dev ${inside} src ${eni.privateIp} metric ${table} onlink`,
    `route replace default via ${gateway} dev ${inside} src ${eni.privateIp} table ${table} onlink`,
    `rule add pref ${table} from ${eni.privateIp} lookup ${table}`,
  ];
}

export const natRuleset = (eni: RoutedEni): string => `table ip nat {
  chain input { type filter hook input priority filter; policy drop; }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    snat to ${eni.privateIp}
  }
}
`;
