import { Network } from "../../infra/network";
import { only, record, type Recorded } from "./record";

let made: Recorded[];

beforeAll(async () => {
  const args = { vpcCidr: "10.20.0.0/16", zoneNames: ["us-east-1a", "us-east-1b"], region: "us-east-1", logsBucketArn: "arn:aws:s3:::logs" };
  made = await record(() => new Network("network", args));
});

test("each zone has a public and a private subnet, with the routes of its kind", () => {
  const subnets = made
    .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
    .map(({ name, inputs }) => [name, inputs.availabilityZone, inputs.cidrBlock]);
  expect(subnets).toEqual([
    ["network-private-us-east-1a", "us-east-1a", "10.20.128.0/20"],
    ["network-private-us-east-1b", "us-east-1b", "10.20.144.0/20"],
    ["network-public-us-east-1a", "us-east-1a", "10.20.0.0/20"],
    ["network-public-us-east-1b", "us-east-1b", "10.20.16.0/20"],
  ]);
  const associations = made.filter(({ type }) => type === "aws:ec2/routeTableAssociation:RouteTableAssociation").map(({ inputs }) => inputs);
  expect(associations).toEqual(
    ["private", "public"].flatMap((role) =>
      ["a", "b"].map((zone) => ({ subnetId: `network-${role}-us-east-1${zone}-id`, routeTableId: `network-${role}-id` })),
    ),
  );
});

test("no subnet gives its hosts public addresses", () => {
  for (const { inputs } of made.filter(({ type }) => type === "aws:ec2/subnet:Subnet")) expect(inputs).not.toHaveProperty("mapPublicIpOnLaunch");
});

test("only public subnets have a route to the internet gateway", () => {
  expect(made.filter(({ type }) => type === "aws:ec2/route:Route").map(({ inputs }) => inputs)).toEqual([
    { routeTableId: "network-public-id", destinationCidrBlock: "0.0.0.0/0", gatewayId: "network-internet-id" },
  ]);
});

test("the VPC resolves names, and its default security group lets nothing in or out", () => {
  expect(only(made, "aws:ec2/vpc:Vpc", "network")).toEqual({ cidrBlock: "10.20.0.0/16", enableDnsSupport: true, enableDnsHostnames: true });
  expect(only(made, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default-closed")).toEqual({
    vpcId: "network-id",
    ingress: [],
    egress: [],
  });
});

test.each(["s3", "dynamodb"])("private subnets reach %s through a gateway endpoint", (service) => {
  expect(only(made, "aws:ec2/vpcEndpoint:VpcEndpoint", `network-${service}`)).toEqual({
    vpcId: "network-id",
    serviceName: `com.amazonaws.us-east-1.${service}`,
    vpcEndpointType: "Gateway",
    routeTableIds: ["network-private-id"],
  });
});

test("all traffic is logged to the bucket", () => {
  expect(only(made, "aws:ec2/flowLog:FlowLog", "network-flows")).toEqual({
    vpcId: "network-id",
    trafficType: "ALL",
    logDestinationType: "s3",
    logDestination: "arn:aws:s3:::logs",
    maxAggregationInterval: 600,
  });
});
