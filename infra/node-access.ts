import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import { GATE_PORT, SESSION_STORE_PORT } from "../contract/ports";

export interface NodeAccessArgs {
  vpcId: pulumi.Input<string>;
  loadBalancerGroupId: pulumi.Input<string>;
  sessionStoreGroupId: pulumi.Input<string>;
}

/** Who reaches whom: clients → load balancer → gates, gates → gates, nodes → store, nodes → the outside. Nothing else. */
export class NodeAccess extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: NodeAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:NodeAccess", name, {}, opts);
    const child = { parent: this };
    const nodes = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "nodes: gates, and the way out" }, child);
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    const rules: pulumi.Output<string>[] = [];
    const allow = (role: string, from: pulumi.Input<string>, to: pulumi.Input<string>, port: number): void => {
      const out = new vpc.SecurityGroupEgressRule(`${name}-${role}-out`, { securityGroupId: from, referencedSecurityGroupId: to, ...tcp(port) }, child);
      const into = new vpc.SecurityGroupIngressRule(`${name}-${role}-in`, { securityGroupId: to, referencedSecurityGroupId: from, ...tcp(port) }, child);
      rules.push(out.id, into.id);
    };
    allow("clients", args.loadBalancerGroupId, nodes.id, GATE_PORT);
    allow("peers", nodes.id, nodes.id, GATE_PORT);
    allow("store", nodes.id, args.sessionStoreGroupId, SESSION_STORE_PORT);
    // AWS's APIs, packages and vendors: addresses nobody can list, so by port.
    for (const port of [80, 443]) {
      const outside = new vpc.SecurityGroupEgressRule(`${name}-outside-${port}`, { securityGroupId: nodes.id, cidrIpv4: "0.0.0.0/0", ...tcp(port) }, child);
      rules.push(outside.id);
    }
    // A node starts after all that it may do is allowed.
    this.securityGroupId = pulumi.all([nodes.id, ...rules]).apply(([id = ""]) => id);
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
