/** What the network of the lab must be: all of it, at every call. The machine makes it so (level-triggered, idempotent). */
export interface NetworkState {
  vpcs: readonly VpcState[];
}

export interface VpcState {
  id: string;
  cidr: string;
  /** An attached internet gateway. */
  internetGateway: boolean;
  subnets: readonly SubnetState[];
  routeTables: readonly RouteTableState[];
  natGateways: readonly NatGatewayState[];
  securityGroups: readonly SecurityGroupState[];
  enis: readonly EniState[];
}

export interface SubnetState {
  id: string;
  cidr: string;
  /** us-east-1a */
  zone: string;
  routeTableId: string;
}

export interface RouteTableState {
  id: string;
  routes: readonly RouteState[];
}

export type RouteState =
  | { destination: string; target: "local" }
  | { destination: string; target: "internet-gateway" }
  | { destination: string; target: "nat-gateway"; natGatewayId: string }
  /** A gateway endpoint: the lab's addresses of that service, reached without NAT. */
  | { destination: "s3" | "dynamodb"; target: "gateway-endpoint" };

export interface NatGatewayState {
  id: string;
  subnetId: string;
  privateIp: string;
  /** The Elastic IP. */
  publicIp: string;
}

export interface SecurityGroupState {
  id: string;
  ingress: readonly SecurityGroupRule[];
  egress: readonly SecurityGroupRule[];
}

export interface SecurityGroupRule {
  protocol: "tcp" | "udp" | "icmp" | "all";
  /** Absent for icmp and all. */
  fromPort?: number;
  toPort?: number;
  peer: { cidr: string } | { securityGroupId: string } | { service: "s3" | "dynamodb" };
}

/** An elastic network interface is one network namespace with one address behind the VPC's router. */
export interface EniState {
  id: string;
  subnetId: string;
  privateIp: string;
  /** 1:1 at the internet gateway, both ways. */
  publicIp?: string;
  securityGroupIds: readonly string[];
  /** Namespace name (as in `ip netns`, inside the lab), created if missing; several ENIs may share one (a load balancer's). */
  netns: string;
}
