import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import { GATE_PORT, HOP_PORT, SESSION_STORE_PORT } from "../contract/ports";

export interface NodeAccessArgs {
  vpcId: pulumi.Input<string>;
  loadBalancerGroupId: pulumi.Input<string>;
  sessionStoreGroupId: pulumi.Input<string>;
}

/** AWS's APIs, packages and vendors have addresses that nobody can list, so the way out is by port. */
const OUTSIDE_PORTS = [80, 443];

/** Who reaches whom: clients → load balancer → gates, gates → gates, nodes → store, nodes → the outside. Nothing else. */
export class NodeAccess extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: NodeAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:NodeAccess", name, {}, opts);
    const child = { parent: this };
    const nodes = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "nodes: gates, and the way out" }, child);
    const allow = (role: string, from: pulumi.Input<string>, to: pulumi.Input<string>, port: number): void => {
      new vpc.SecurityGroupEgressRule(`${name}-${role}-out`, { securityGroupId: from, referencedSecurityGroupId: to, ...tcp(port) }, child);
      new vpc.SecurityGroupIngressRule(`${name}-${role}-in`, { securityGroupId: to, referencedSecurityGroupId: from, ...tcp(port) }, child);
    };
    allow("clients", args.loadBalancerGroupId, nodes.id, GATE_PORT);
    allow("peers", nodes.id, nodes.id, HOP_PORT);
    allow("store", nodes.id, args.sessionStoreGroupId, SESSION_STORE_PORT);
    for (const port of OUTSIDE_PORTS) {
      new vpc.SecurityGroupEgressRule(`${name}-outside-${port}`, { securityGroupId: nodes.id, cidrIpv4: "0.0.0.0/0", ...tcp(port) }, child);
    }
    this.securityGroupId = nodes.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
