import type { EniState, NetworkState, VpcState } from "../../../lab/machine/network-state";

export const services = { s3: "52.216.0.10", dynamodb: "52.94.0.10", other: "52.119.0.10" };

const anywhere = { cidr: "0.0.0.0/0" };
export const EGRESS_IP = "54.10.0.1";
export const ALB_IP = "54.10.0.2";

export const eni = (id: string, subnetId: string, privateIp: string, securityGroupIds: string[], more: Partial<EniState> = {}): EniState => ({
  id,
  subnetId,
  privateIp,
  securityGroupIds,
  netns: id.replace("eni-", ""),
  ...more,
});

/** Two zones, a load balancer in the public subnets, nodes in the private ones, one NAT gateway: the program's network, small. */
export const vpc = (change: Partial<VpcState> = {}): VpcState => ({
  id: "vpc-1",
  cidr: "10.0.0.0/16",
  internetGateway: true,
  subnets: [
    { id: "public-a", cidr: "10.0.0.0/24", zone: "us-east-1a", routeTableId: "public" },
    { id: "public-b", cidr: "10.0.1.0/24", zone: "us-east-1b", routeTableId: "public" },
    { id: "private-a", cidr: "10.0.2.0/24", zone: "us-east-1a", routeTableId: "private" },
    { id: "private-b", cidr: "10.0.3.0/24", zone: "us-east-1b", routeTableId: "private" },
  ],
  routeTables: [
    {
      id: "public",
      routes: [
        { destination: "10.0.0.0/16", target: "local" },
        { destination: "0.0.0.0/0", target: "internet-gateway" },
      ],
    },
    {
      id: "private",
      routes: [
        { destination: "10.0.0.0/16", target: "local" },
        { destination: "0.0.0.0/0", target: "nat-gateway", natGatewayId: "nat-1" },
        { destination: "s3", target: "gateway-endpoint" },
      ],
    },
  ],
  natGateways: [{ id: "nat-1", subnetId: "public-a", privateIp: "10.0.0.10", publicIp: EGRESS_IP }],
  securityGroups: [
    {
      id: "sg-alb",
      ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, peer: anywhere }],
      egress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, peer: { securityGroupId: "sg-node" } }],
    },
    {
      id: "sg-node",
      ingress: [
        { protocol: "tcp", fromPort: 8080, toPort: 8080, peer: { securityGroupId: "sg-alb" } },
        { protocol: "tcp", fromPort: 8080, toPort: 8080, peer: { securityGroupId: "sg-node" } },
      ],
      egress: [{ protocol: "all", peer: anywhere }],
    },
    {
      id: "sg-store",
      ingress: [{ protocol: "tcp", fromPort: 6379, toPort: 6379, peer: { securityGroupId: "sg-node" } }],
      egress: [],
    },
  ],
  enis: [
    eni("eni-alb-a", "public-a", "10.0.0.20", ["sg-alb"], { netns: "alb-1", publicIp: ALB_IP }),
    eni("eni-alb-b", "public-b", "10.0.1.20", ["sg-alb"], { netns: "alb-1", publicIp: "54.10.0.3" }),
    eni("eni-node-a", "private-a", "10.0.2.5", ["sg-node"]),
    eni("eni-node-b", "private-b", "10.0.3.5", ["sg-node"]),
    eni("eni-node-c", "private-a", "10.0.2.6", ["sg-node"]),
    eni("eni-store", "private-a", "10.0.2.9", ["sg-store"]),
  ],
  ...change,
});

export const network = (...vpcs: VpcState[]): NetworkState => ({ vpcs });
