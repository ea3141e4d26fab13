import fc from "fast-check";
import { insideLines, pairLine } from "../../../lab/machine/eni-commands";
import { routerInterface } from "../../../lab/machine/names";
import { planNetwork } from "../../../lab/machine/network-plan";
import type { SecurityGroupRule } from "../../../lab/machine/network-state";
import { publicRoutes, routerRoutes } from "../../../lab/machine/routes";
import { renderRuleset } from "../../../lab/machine/ruleset";
import { eniRules, ruleLine } from "../../../lab/machine/security-group-rules";
import { routedEnis } from "../../../lab/machine/vpc-enis";
import { eni, network, services, vpc } from "./sample-network";

const small = vpc({ enis: [eni("eni-node-a", "private-a", "10.0.2.5", ["sg-node"])] });
const [node, nat] = routedEnis(small).map(routerInterface);
const context = { services, linkAddress: "169.254.0.2", imdsPort: () => 20_000 };

test("a VPC with a node and a NAT gateway is this ruleset", () => {
  expect(renderRuleset(small, context)).toBe(`add table ip vpc
delete table ip vpc
table ip vpc {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr 10.0.0.2 dnat to 169.254.169.253
    iifname "${node}" ip daddr 169.254.169.254 tcp dport 80 dnat to 169.254.169.254:20000
    iifname "aws" dnat to ip daddr map { 54.10.0.1 : 10.0.0.10 }
  }

  chain input {
    type filter hook input priority filter; policy drop;
  }

  chain forward {
    type filter hook forward priority filter; policy drop;
    iifname "${node}" ip saddr != 10.0.2.5 drop
    ct state established,related accept
    ct state invalid drop
    ip daddr 169.254.169.253 oifname "aws" accept
    ip daddr 169.254.169.254 ct status dnat oifname "aws" accept
    ip daddr 169.254.0.0/16 drop
    iifname vmap { "${node}" : jump out_${node}, "${nat}" : jump out_${nat} }
    oifname vmap { "${node}" : jump in_${node}, "${nat}" : jump in_${nat}, "aws" : jump internet }
  }

  chain internet {
    ip saddr . ip daddr { 10.0.2.5 . 52.216.0.10 } accept
    ip saddr { 10.0.0.10 } accept
    drop
  }

  chain out_${node} {
    return
    drop
  }

  chain in_${node} {
    ip saddr 10.0.2.5 tcp dport 8080 accept
    drop
  }

  chain out_${nat} {
    return
  }

  chain in_${nat} {
    iifname "aws" drop
    accept
  }

  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "aws" ip daddr { 169.254.169.253, 169.254.169.254 } snat to 169.254.0.2
    oifname "aws" ip saddr . ip daddr { 10.0.2.5 . 52.216.0.10 } snat to 169.254.0.2
    oifname "aws" snat to ip saddr map { 10.0.0.10 : 54.10.0.1 }
  }
}
`);
});

test("without an internet gateway no address is translated and nothing leaves but to the endpoints", () => {
  const text = renderRuleset({ ...small, internetGateway: false }, context);
  expect(text).not.toContain("map { 54");
  expect(text).not.toContain("ip saddr { 10.0.0.10 } accept");
  expect(text).toContain("ip saddr . ip daddr { 10.0.2.5 . 52.216.0.10 } accept");
});

const rule = (change: Partial<SecurityGroupRule>): SecurityGroupRule => ({
  protocol: "tcp",
  fromPort: 80,
  toPort: 80,
  peer: { cidr: "10.0.0.0/8" },
  ...change,
});

test.each<[SecurityGroupRule, string | undefined, string | undefined]>([
  [rule({}), "ip saddr 10.0.0.0/8 tcp dport 80 accept", "ip daddr 10.0.0.0/8 tcp dport 80 return"],
  [rule({ toPort: 90, protocol: "udp" }), "ip saddr 10.0.0.0/8 udp dport 80-90 accept", "ip daddr 10.0.0.0/8 udp dport 80-90 return"],
  [rule({ fromPort: undefined, toPort: undefined }), "ip saddr 10.0.0.0/8 ip protocol tcp accept", "ip daddr 10.0.0.0/8 ip protocol tcp return"],
  [rule({ protocol: "icmp", peer: { cidr: "0.0.0.0/0" } }), "ip protocol icmp accept", "ip protocol icmp return"],
  [rule({ protocol: "all", peer: { cidr: "0.0.0.0/0" } }), "accept", "return"],
  [
    rule({ peer: { securityGroupId: "sg-alb" } }),
    "ip saddr { 10.0.0.20, 10.0.1.20 } tcp dport 80 accept",
    "ip daddr { 10.0.0.20, 10.0.1.20 } tcp dport 80 return",
  ],
  [rule({ peer: { securityGroupId: "sg-nobody" } }), undefined, undefined],
  [rule({ peer: { service: "s3" } }), "ip saddr 52.216.0.10 tcp dport 80 accept", "ip daddr 52.216.0.10 tcp dport 80 return"],
])("the rule %j is %j and %j", (given, ingress, egress) => {
  expect(ruleLine("ingress", given, vpc(), services)).toBe(ingress);
  expect(ruleLine("egress", given, vpc(), services)).toBe(egress);
});

test("an interface allows what any of its groups allows, each once, and ends with a refusal", () => {
  expect(eniRules("ingress", ["sg-alb", "sg-alb", "sg-store"], small, services)).toEqual([
    "tcp dport 80 accept",
    "ip saddr 10.0.2.5 tcp dport 6379 accept",
    "drop",
  ]);
  expect(eniRules("egress", [], small, services)).toEqual(["drop"]);
  expect(() => eniRules("egress", ["sg-gone"], small, services)).toThrow(
    "vpc-1/securityGroups: must contain sg-gone, which an ENI uses, got no such group",
  );
});

test("law: whoever uses a group by reference, every interface chain ends with a refusal and names members of that VPC only", () => {
  const address = fc.integer({ min: 4, max: 250 });
  fc.assert(
    fc.property(fc.uniqueArray(address, { minLength: 1, maxLength: 12 }), (hosts) => {
      const some = vpc({ enis: hosts.map((host) => eni(`eni-${host}`, "private-a", `10.0.2.${host}`, ["sg-node"])) });
      const chains = renderRuleset(some, context)
        .split("\n\n")
        .filter((text) => /chain (in|out)_/.test(text) && !text.includes(routerInterface(routedEnis(some).at(-1) as never)));
      expect(chains).toHaveLength(hosts.length * 2);
      for (const chain of chains) {
        expect(chain.trimEnd().split("\n").at(-2)).toBe("    drop");
        for (const named of chain.match(/10\.0\.2\.\d+/g) ?? []) expect(some.enis.map(({ privateIp }) => privateIp)).toContain(named);
      }
    }),
  );
});

test("a router has a route for each interface and its subnets' tables by interface", () => {
  expect(routerRoutes(small, 0, services)).toEqual({
    addresses: ["10.0.0.1/32 dev lo", "10.0.1.1/32 dev lo", "10.0.2.1/32 dev lo", "10.0.3.1/32 dev lo"],
    routes: [
      `10.0.2.5/32 dev ${node}`,
      `10.0.0.10/32 dev ${nat}`,
      "169.254.169.254/32 via 169.254.0.1 dev aws",
      "169.254.169.253/32 via 169.254.0.1 dev aws",
      "blackhole 10.0.0.0/16",
      "blackhole default table 999",
      "0.0.0.0/0 via 169.254.0.1 dev aws table 1000",
      `0.0.0.0/0 via 10.0.0.10 dev ${nat} table 1001 onlink`,
      "52.216.0.10/32 via 169.254.0.1 dev aws table 1001",
    ],
    rules: ["pref 100 lookup main", `pref 1000 iif ${node} lookup 1001`, `pref 1000 iif ${nat} lookup 1000`, "pref 2000 lookup 999"],
  });
  expect(publicRoutes(small, "v1", 0)).toEqual(["54.10.0.1/32 via 169.254.0.2 dev v1"]);
});

test("a route to a NAT gateway that is gone drops", () => {
  expect(routerRoutes({ ...small, natGateways: [] }, 0, services).routes).toContain("blackhole 0.0.0.0/0 table 1001");
});

test("an interface is a pair, an address and a way to the router", () => {
  const one = { ...eni("eni-node-a", "private-a", "10.0.2.5", []), natGateway: false };
  expect(pairLine(one, "vpc-1", "eth0")).toMatch(
    /^link add name e[0-9a-f]{12} netns vpc-1 type veth peer name eth0 netns node-a address 02:[0-9a-f:]{14}$/,
  );
  expect(insideLines(one, { id: "private-a", cidr: "10.0.2.0/24", zone: "a", routeTableId: "private" }, "eth0", 0)).toEqual([
    "link set lo up",
    "address add 10.0.2.5/24 dev eth0 noprefixroute",
    "link set eth0 up",
    "route replace 10.0.2.1/32 dev eth0 src 10.0.2.5 metric 100",
    "route replace default via 10.0.2.1 dev eth0 src 10.0.2.5 metric 100 onlink",
    "route replace default via 10.0.2.1 dev eth0 src 10.0.2.5 table 100 onlink",
    "rule add pref 100 from 10.0.2.5 lookup 100",
  ]);
});

describe("the plan", () => {
  const made = { vpcs: ["vpc-1"], netns: ["node-a", "nat-1"] };
  const facts = (netns: string[], names: (string | undefined)[]) => ({
    netns: new Set(netns),
    interfaces: new Map([["vpc-1", new Set(["lo", "aws", ...names.map(String)])]]),
  });
  const all = facts(["vpc-1", "node-a", "nat-1", "outside"], [node, nat]);
  const nothing = { removeVpcs: [], removeInterfaces: [], removeNetns: [], addVpcs: [], addNetns: [], addEnis: [] };

  test("is empty when the network is as wanted", () => {
    expect(planNetwork(network(small), all, made)).toEqual(nothing);
  });

  test("makes everything of a new VPC", () => {
    const plan = planNetwork(network(small), { netns: new Set(), interfaces: new Map() }, { vpcs: [], netns: [] });
    expect(plan).toMatchObject({ addNetns: ["node-a", "nat-1"], removeVpcs: [] });
    expect(plan.addVpcs.map(({ id }) => id)).toEqual(["vpc-1"]);
    expect(plan.addEnis.map(({ eni: { id } }) => id)).toEqual(["eni-node-a", "nat-1"]);
  });

  test("removes what is not wanted any more, and no namespace that it did not make", () => {
    expect(planNetwork(network({ ...small, enis: [] }), all, made)).toEqual({
      ...nothing,
      removeInterfaces: [{ router: "vpc-1", name: node }],
      removeNetns: ["node-a"],
    });
    expect(planNetwork(network(), all, made)).toEqual({ ...nothing, removeVpcs: ["vpc-1"], removeNetns: ["node-a", "nat-1"] });
  });

  test("makes an interface again whose namespace or pair someone deleted", () => {
    const lost = planNetwork(network(small), facts(["vpc-1", "nat-1"], [node, nat]), made);
    expect(lost).toMatchObject({ addNetns: ["node-a"], removeInterfaces: [{ router: "vpc-1", name: node }] });
    expect(lost.addEnis.map(({ eni: { id } }) => id)).toEqual(["eni-node-a"]);
    expect(planNetwork(network(small), facts(["vpc-1", "node-a", "nat-1"], [nat]), made).addEnis).toHaveLength(1);
  });

  test("changes an interface that has another address", () => {
    const moved = vpc({ enis: [eni("eni-node-a", "private-a", "10.0.2.7", ["sg-node"])] });
    const plan = planNetwork(network(moved), all, made);
    expect(plan.removeInterfaces).toEqual([{ router: "vpc-1", name: node }]);
    expect(plan.addEnis.map(({ eni: { privateIp } }) => privateIp)).toEqual(["10.0.2.7"]);
  });
});
