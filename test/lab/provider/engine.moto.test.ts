import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import type { Server } from "@grpc/grpc-js";
import { awsResources } from "../../../lab/provider/aws/catalogue";
import { awsClients } from "../../../lab/provider/aws/clients";
import { dataSources } from "../../../lab/provider/aws/data-sources";
import { awsConfiguration, noConfiguration } from "../../../lab/provider/provider-config";
import { randomId } from "../../../lab/provider/random/random-id.provider";
import { randomPassword } from "../../../lab/provider/random/random-password.provider";
import { serve, serviceOf } from "../../../lab/provider/server";
import { Sessions } from "../../../lab/provider/session";
import { Engine } from "./engine";
import { Moto } from "./moto";

jest.setTimeout(120_000);

let moto: Moto;
let engine: Engine;
let servers: Server[];

beforeAll(async () => {
  moto = await Moto.start();
  const ofAws = { version: "7.48.0", resources: awsResources, invokes: dataSources, configuration: awsConfiguration("us-east-1") };
  const ofRandom = { version: "4.21.2", resources: [randomId, randomPassword], invokes: [], configuration: noConfiguration };
  const aws = await serve(serviceOf(ofAws, new Sessions()));
  const random = await serve(serviceOf(ofRandom, new Sessions()));
  servers = [aws.server, random.server];
  engine = new Engine({ aws: aws.port, random: random.port });
  await engine.pulumi("stack", "init", "test");
});

afterAll(async () => {
  for (const server of servers) server.forceShutdown();
  engine.remove();
  await moto.stop();
});

const network = (cidrBlock: string, more = ""): string => `
  const zones = aws.getAvailabilityZonesOutput({ state: "available" });
  const vpc = new aws.ec2.Vpc("net", { cidrBlock: "${cidrBlock}" ${more} });
  const subnet = new aws.ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: "${cidrBlock.replace("/16", "/24")}", availabilityZone: zones.names[0] });
  const token = new random.RandomPassword("token", { length: 32, special: false });
  const secret = new aws.secretsmanager.Secret("token", { recoveryWindowInDays: 0 });
  new aws.secretsmanager.SecretVersion("token", { secretId: secret.id, secretString: token.result });
  exports.token = token.result;
`;

const group = (more: string): string => `${network("10.0.0.0/16")}
  const template = new aws.ec2.LaunchTemplate("nodes", { imageId: "ami-0123456789abcdef0", instanceType: "t4g.small" });
  new aws.autoscaling.Group("nodes", {
    name: "nodes", minSize: 0, maxSize: 2, vpcZoneIdentifiers: [subnet.id], launchTemplate: { id: template.id, version: "$Latest" }, ${more}
  });
`;

interface Step {
  op: string;
  urn: string;
  replaceReasons?: string[];
}

async function preview(): Promise<Step[]> {
  const { output } = await engine.pulumi("preview", "--json");
  const { steps } = JSON.parse(output) as { steps: Step[] };
  return steps.filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"));
}

const names = (steps: Step[]): string[] => steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join(" ")}`);

test("an update makes the program's resources, and a preview and a refresh after it show no change", async () => {
  engine.program(network("10.0.0.0/16"));
  expect(names(await preview())).toHaveLength(5);
  const up = await engine.pulumi("up", "--yes", "--skip-preview");
  expect(up).toMatchObject({ code: 0 });
  expect(up.output).toMatch(/token: \[secret\]/);
  expect(names(await preview())).toEqual([]);
  const refresh = await engine.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  expect(refresh).toMatchObject({ code: 0 });
});

test("a changed tag is an update and a changed CIDR a replacement of what depends on it", async () => {
  engine.program(network("10.0.0.0/16", ', tags: { Name: "net" }'));
  expect(names(await preview())).toEqual(["update aws:ec2/vpc:Vpc net"]);
  engine.program(network("10.1.0.0/16"));
  expect(names(await preview())).toEqual(expect.arrayContaining(["replace aws:ec2/vpc:Vpc net", "replace aws:ec2/subnet:Subnet a"]));
});

test("fails to preview a property that the lab does not have", async () => {
  engine.program(network("10.0.0.0/16", ", assignGeneratedIpv6CidrBlock: true"));
  const { code, output } = await engine.pulumi("preview");
  expect(code).not.toBe(0);
  expect(output).toContain("the lab's aws:ec2/vpc:Vpc has no such property");
});

test("fails to preview a type that the lab does not have", async () => {
  engine.program(`${network("10.0.0.0/16")} new aws.sqs.Queue("news");`);
  const { code, output } = await engine.pulumi("preview");
  expect(code).not.toBe(0);
  expect(output).toContain("aws:sqs/queue:Queue: the lab has no such resource type");
});

test("a group that never gets its capacity fails the update with what was wanted and seen, and stays in the state", async () => {
  engine.program(group('minElbCapacity: 1, waitForCapacityTimeout: "1s"'));
  const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(output).toContain("gave up waiting for the capacity of Auto Scaling group nodes after 1 s: last seen: wanted 1 healthy targets, saw 0");
  const { output: state } = await engine.pulumi("stack", "export");
  expect(state).toContain('"id": "nodes"');
});

test("a next update takes it from there, and a destroy leaves nothing behind", async () => {
  engine.program(group(""));
  expect(await engine.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await preview()).toEqual([]);
  expect(await engine.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  const { ec2, autoscaling } = awsClients("us-east-1");
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["false"] }] }));
  const { AutoScalingGroups } = await autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
  expect([Vpcs, AutoScalingGroups]).toEqual([[], []]);
});
