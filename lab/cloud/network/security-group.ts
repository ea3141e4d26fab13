import type { IpPermission, ManagedPrefixList, SecurityGroup } from "@aws-sdk/client-ec2";
import type { SecurityGroupRule, SecurityGroupState } from "../../machine/network-state";
import { gatewayService } from "./gateway-service";

type Peer = SecurityGroupRule["peer"];

/** EC2 answers names for these numbers too; moto answers what was given. @see https://www.iana.org/assignments/protocol-numbers */
const PROTOCOLS: Readonly<Record<string, SecurityGroupRule["protocol"]>> = {
  "-1": "all",
  all: "all",
  icmp: "icmp",
  "1": "icmp",
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
};

/** @throws when a rule is one that the lab's firewall does not know. */
export function securityGroupState(group: SecurityGroup, prefixLists: readonly ManagedPrefixList[]): SecurityGroupState {
  const id = group.GroupId ?? "";
  const rules = (permissions: readonly IpPermission[] | undefined) =>
    (permissions ?? []).flatMap((permission) => permitted(id, permission, prefixLists));
  return { id, ingress: rules(group.IpPermissions), egress: rules(group.IpPermissionsEgress) };
}

/** One rule for each peer of a permission. IPv6 peers are left out: the lab's VPCs have no such addresses. */
function permitted(groupId: string, permission: IpPermission, prefixLists: readonly ManagedPrefixList[]): SecurityGroupRule[] {
  const protocol = PROTOCOLS[permission.IpProtocol ?? ""];
  if (!protocol) throw new Error(`${groupId}/protocol: must be tcp, udp, icmp or all, got ${permission.IpProtocol}`);
  const peers: Peer[] = [
    ...(permission.IpRanges ?? []).map((range) => ({ cidr: range.CidrIp ?? "" })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ securityGroupId: pair.GroupId ?? "" })),
    ...(permission.PrefixListIds ?? []).map((list) => ({ service: serviceOf(groupId, list.PrefixListId, prefixLists) })),
  ];
  const ports = protocol === "tcp" || protocol === "udp" ? { fromPort: permission.FromPort, toPort: permission.ToPort } : {};
  return peers.map((peer) => ({ protocol, ...ports, peer }));
}

function serviceOf(groupId: string, listId: string | undefined, prefixLists: readonly ManagedPrefixList[]): "s3" | "dynamodb" {
  const name = prefixLists.find((list) => list.PrefixListId === listId)?.PrefixListName;
  const service = gatewayService(name);
  if (!service) throw new Error(`${groupId}/prefixListId: must be the list of S3 or DynamoDB, got ${listId} (${name ?? "unknown"})`);
  return service;
}
