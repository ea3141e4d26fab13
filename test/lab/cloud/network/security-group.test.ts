import type { IpPermission } from "@aws-sdk/client-ec2";
import { securityGroupState } from "../../../../lab/cloud/network/security-group";

const lists = [
  { PrefixListId: "pl-1", PrefixListName: "com.amazonaws.us-east-1.s3" },
  { PrefixListId: "pl-2", PrefixListName: "com.amazonaws.us-east-1.dynamodb" },
  { PrefixListId: "pl-3", PrefixListName: "com.amazonaws.global.cloudfront.origin-facing" },
];
const state = (permission: IpPermission) => securityGroupState({ GroupId: "sg-1", IpPermissions: [permission], IpPermissionsEgress: [] }, lists);

test.each<[string, IpPermission, object[]]>([
  ["every protocol", { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, [{ protocol: "all", peer: { cidr: "0.0.0.0/0" } }]],
  [
    "each peer by itself",
    { IpProtocol: "tcp", FromPort: 80, ToPort: 90, IpRanges: [{ CidrIp: "10.0.0.0/8" }], UserIdGroupPairs: [{ GroupId: "sg-2" }] },
    [
      { protocol: "tcp", fromPort: 80, toPort: 90, peer: { cidr: "10.0.0.0/8" } },
      { protocol: "tcp", fromPort: 80, toPort: 90, peer: { securityGroupId: "sg-2" } },
    ],
  ],
  [
    "prefix lists of services",
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: "pl-1" }, { PrefixListId: "pl-2" }] },
    [
      { protocol: "tcp", fromPort: 443, toPort: 443, peer: { service: "s3" } },
      { protocol: "tcp", fromPort: 443, toPort: 443, peer: { service: "dynamodb" } },
    ],
  ],
  [
    "icmp without ports",
    { IpProtocol: "icmp", FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
    [{ protocol: "icmp", peer: { cidr: "10.0.0.0/8" } }],
  ],
  [
    "a protocol by its number",
    { IpProtocol: "17", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: "10.0.0.2/32" }] },
    [{ protocol: "udp", fromPort: 53, toPort: 53, peer: { cidr: "10.0.0.2/32" } }],
  ],
  ["no IPv6 peers", { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] }, []],
])("a permission becomes rules: %s", (_, permission, rules) => {
  expect(state(permission)).toEqual({ id: "sg-1", ingress: rules, egress: [] });
});

test("fails when a rule has a protocol that the lab's firewall does not know", () => {
  expect(() => state({ IpProtocol: "50", IpRanges: [{ CidrIp: "10.0.0.0/8" }] })).toThrow("sg-1/protocol: must be tcp, udp, icmp or all, got 50");
});

test("fails when a rule has the prefix list of another service", () => {
  expect(() => state({ IpProtocol: "-1", PrefixListIds: [{ PrefixListId: "pl-3" }] })).toThrow(
    "sg-1/prefixListId: must be the list of S3 or DynamoDB, got pl-3 (com.amazonaws.global.cloudfront.origin-facing)",
  );
});
