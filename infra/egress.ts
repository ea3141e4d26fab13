import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";

export interface EgressArgs {
  /** A public subnet: the gateway's zone. */
  subnetId: pulumi.Input<string>;
  privateRouteTableId: pulumi.Input<string>;
  /** Pulumi refuses to delete the address. */
  protect: boolean;
}

/** The one way out: a NAT gateway with one Elastic IP, which vendors know and which outlives everything else. */
export class Egress extends pulumi.ComponentResource {
  readonly ips: pulumi.Output<string>[];

  constructor(name: string, args: EgressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Egress", name, {}, opts);
    const child = { parent: this, dependsOn: opts?.dependsOn };
    const address = new ec2.Eip(`${name}-address`, { domain: "vpc" }, { ...child, protect: args.protect, retainOnDelete: true });
    const gateway = new ec2.NatGateway(name, { subnetId: args.subnetId, allocationId: address.id }, child);
    new ec2.Route(`${name}-route`, { routeTableId: args.privateRouteTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id }, child);
    this.ips = [address.publicIp];
    this.registerOutputs({ ips: this.ips });
  }
}
