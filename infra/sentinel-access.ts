import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import { GATE_PORT, SESSION_STORE_PORT } from "../contract/ports";

export interface SentinelAccessArgs {
  vpcId: pulumi.Input<string>;
  nodesGroupId: pulumi.Input<string>;
  sessionStoreGroupId: pulumi.Input<string>;
}

/** Whom the sentinel reaches: gates, the store, and AWS's APIs. Nobody reaches it. */
export class SentinelAccess extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: SentinelAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:SentinelAccess", name, {}, opts);
    const child = { parent: this };
    const group = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "sentinel: gates, store, AWS" }, child);
    const allow = (role: string, to: pulumi.Input<string>, port: number): void => {
      new vpc.SecurityGroupEgressRule(`${name}-${role}-out`, { securityGroupId: group.id, referencedSecurityGroupId: to, ...tcp(port) }, child);
      new vpc.SecurityGroupIngressRule(`${name}-${role}-in`, { securityGroupId: to, referencedSecurityGroupId: group.id, ...tcp(port) }, child);
    };
    allow("nodes", args.nodesGroupId, GATE_PORT);
    allow("store", args.sessionStoreGroupId, SESSION_STORE_PORT);
    // AWS's APIs have addresses that nobody can list.
    new vpc.SecurityGroupEgressRule(`${name}-aws`, { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ...tcp(443) }, child);
    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
