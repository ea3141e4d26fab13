import { NodeAccess } from "../../infra/node-access";
import { only, record, type Recorded } from "./record";

let made: Recorded[];

beforeAll(async () => {
  made = await record(() => new NodeAccess("nodes", { vpcId: "vpc", loadBalancerGroupId: "sg-door", sessionStoreGroupId: "sg-store" }));
});

const rules = (kind: "Ingress" | "Egress") =>
  made
    .filter(({ type }) => type === `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
    .map(({ inputs }) => [
      inputs.securityGroupId,
      inputs.referencedSecurityGroupId ?? inputs.cidrIpv4,
      inputs.ipProtocol,
      inputs.fromPort,
      inputs.toPort,
    ])
    .sort();

test("the load balancer and other gates may come to the gate, nodes to the store, and nobody else anywhere", () => {
  expect(rules("Ingress")).toEqual([
    ["nodes-id", "nodes-id", "tcp", 8083, 8083],
    ["nodes-id", "sg-door", "tcp", 8080, 8080],
    ["sg-store", "nodes-id", "tcp", 6379, 6379],
  ]);
});

test("nodes may go to gates, to the store, and outside by HTTP and HTTPS; the load balancer only to gates", () => {
  expect(rules("Egress")).toEqual([
    ["nodes-id", "0.0.0.0/0", "tcp", 443, 443],
    ["nodes-id", "0.0.0.0/0", "tcp", 80, 80],
    ["nodes-id", "nodes-id", "tcp", 8083, 8083],
    ["nodes-id", "sg-store", "tcp", 6379, 6379],
    ["sg-door", "nodes-id", "tcp", 8080, 8080],
  ]);
});

test("the group has no rules inside it, which would fight with those beside it", () => {
  expect(only(made, "aws:ec2/securityGroup:SecurityGroup", "nodes")).toEqual({ vpcId: "vpc", description: "nodes: gates, and the way out" });
});
