import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import { allocateSubnets } from "./subnets";

export interface NetworkArgs {
  vpcCidr: string;
  /** Names of the zones in use, at least two, in an order that does not change. */
  zoneNames: string[];
  region: string;
  /** Where flow logs are written. */
  logsBucketArn: pulumi.Input<string>;
}

/** The VPC: a public and a private subnet in each zone. Private subnets get their way out from Egress. What stands in it depends on all of it. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly privateRouteTableId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Network", name, {}, opts);
    const child = { parent: this, dependsOn: opts?.dependsOn };
    const vpc = new ec2.Vpc(name, { cidrBlock: args.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true }, child);
    const vpcId = vpc.id;
    // Nothing uses the default group; without rules, something that does by mistake reaches nothing.
    new ec2.DefaultSecurityGroup(`${name}-default-closed`, { vpcId, ingress: [], egress: [] }, child);
    const gateway = new ec2.InternetGateway(`${name}-internet`, { vpcId }, child);

    const publicRoutes = new ec2.RouteTable(`${name}-public`, { vpcId }, child);
    new ec2.Route(`${name}-public-internet`, { routeTableId: publicRoutes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id }, child);
    const privateRoutes = new ec2.RouteTable(`${name}-private`, { vpcId }, child);

    const subnet = (role: "public" | "private", routeTableId: pulumi.Output<string>, zone: string, cidrBlock: string): pulumi.Output<string> => {
      const resource = new ec2.Subnet(
        `${name}-${role}-${zone}`,
        { vpcId, availabilityZone: zone, cidrBlock, tags: { Name: `${role}-${zone}` } },
        child,
      );
      new ec2.RouteTableAssociation(`${name}-${role}-${zone}`, { subnetId: resource.id, routeTableId }, child);
      return resource.id;
    };
    const cidrs = allocateSubnets(args.vpcCidr, args.zoneNames.length);
    this.publicSubnetIds = args.zoneNames.map((zone, index) => subnet("public", publicRoutes.id, zone, cidrs[index]?.publicCidr ?? ""));
    this.privateSubnetIds = args.zoneNames.map((zone, index) => subnet("private", privateRoutes.id, zone, cidrs[index]?.privateCidr ?? ""));

    // Traffic to S3 and DynamoDB stays inside, off the NAT gateway and its price.
    for (const service of ["s3", "dynamodb"]) {
      const serviceName = `com.amazonaws.${args.region}.${service}`;
      new ec2.VpcEndpoint(`${name}-${service}`, { vpcId, serviceName, vpcEndpointType: "Gateway", routeTableIds: [privateRoutes.id] }, child);
    }
    new ec2.FlowLog(
      `${name}-flows`,
      { vpcId, trafficType: "ALL", logDestinationType: "s3", logDestination: args.logsBucketArn, maxAggregationInterval: 600 },
      child,
    );

    this.vpcId = vpcId;
    this.privateRouteTableId = privateRoutes.id;
    this.registerOutputs({ vpcId });
  }
}
