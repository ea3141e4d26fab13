import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { oneMoreThanNeeded } from "../../infra/fleet";
import { makeRelease } from "../../infra/release";
import { only, type Recorded } from "./record";

const project = join(__dirname, "../..");
const defaults = (parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as { config: Record<string, { default: unknown }> }).config;
const config = (own: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(defaults).map(([key, { default: value }]) => [`nplus1:${key}`, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  ),
  ...own,
});

/** The whole program, with modules of its own: the SDK keeps a run's state in them. */
async function program(own: Record<string, string>): Promise<Recorded[]> {
  jest.resetModules();
  const { record } = jest.requireActual<typeof import("./record")>("./record");
  const { runtime } = jest.requireActual<typeof import("@pulumi/pulumi")>("@pulumi/pulumi");
  return record(async () => {
    runtime.setAllConfig(config(own));
    await jest.requireActual<() => Promise<unknown>>("../../infra/index")();
  });
}

describe("the stack of plain HTTP", () => {
  let made: Recorded[];
  let release: string;

  beforeAll(async () => {
    release = (await makeRelease(project, "examples/shop")).digest;
    made = await program({ "nplus1:plainHttp": "true" });
  }, 60_000);

  test("is made of these parts, whose names are their identity", () => {
    const urns = made.map(({ type, name }) => `${type} ${name}`.replaceAll(release.slice(0, 12), "RELEASE").replaceAll(/runtime-[0-9a-f]{12}/g, "runtime-RUNTIME"));
    expect(urns.sort().join("\n")).toMatchSnapshot();
  });

  test("has one NAT gateway with one Elastic IP", () => {
    expect(made.filter(({ type }) => type === "aws:ec2/eip:Eip")).toHaveLength(1);
    expect(only(made, "aws:ec2/natGateway:NatGateway", "egress")).toEqual({ subnetId: "network-public-us-east-1a-id", allocationId: "egress-address-id" });
    expect(only(made, "aws:ec2/route:Route", "egress-route")).toEqual({
      routeTableId: "network-private-id",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "egress-id",
    });
  });

  test("runs n+1 nodes behind hooks that the group has from its creation", () => {
    const group = only(made, "aws:autoscaling/group:Group", `fleet-${release.slice(0, 12)}`);
    expect(group).toMatchObject({
      name: `nplus1-test-${release.slice(0, 12)}`,
      minSize: 3,
      desiredCapacity: 3,
      maxSize: 6,
      minElbCapacity: 3,
      waitForCapacityTimeout: "600s",
      healthCheckType: "EC2",
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
      vpcZoneIdentifiers: ["network-private-us-east-1a-id", "network-private-us-east-1b-id"],
      initialLifecycleHooks: [
        { name: "ready", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 600, defaultResult: "ABANDON" },
        { name: "drain", lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 300, defaultResult: "CONTINUE" },
      ],
    });
  });

  test("keeps nodes' metadata to holders of a token, and their disks encrypted with the stack's key", () => {
    expect(only(made, "aws:ec2/launchTemplate:LaunchTemplate", `fleet-${release.slice(0, 12)}`)).toMatchObject({
      imageId: "ami-0123456789abcdef0",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeType: "gp3", kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key" } }],
      vpcSecurityGroupIds: ["nodes-id"],
    });
  });

  test("checks nodes by their deep health path, and keeps clients on their node", () => {
    expect(only(made, "aws:lb/targetGroup:TargetGroup", `fleet-${release.slice(0, 12)}`)).toMatchObject({
      port: 8080,
      deregistrationDelay: 60,
      stickiness: { type: "lb_cookie", enabled: true, cookieDuration: 86_400 },
      healthCheck: { path: "/.nplus1/health", interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2, matcher: "200" },
    });
  });

  test("sends clients to one fleet by the last rule, after a fleet's own rule and the refusal of internal paths", () => {
    const rules = made.filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule").map(({ name, inputs }) => [name, inputs.priority, inputs.conditions]);
    expect(rules).toEqual(
      expect.arrayContaining([
        ["door-internal", 1, [{ pathPattern: { values: ["/.nplus1/*"] } }]],
        [`fleet-${release.slice(0, 12)}`, expect.any(Number), [{ httpHeader: { httpHeaderName: "x-nplus1-release", values: [release] } }]],
        ["switch", 50_000, [{ pathPattern: { values: ["/*"] } }]],
      ]),
    );
    expect(only(made, "aws:lb/listener:Listener", "door-http")).toMatchObject({ port: 80, protocol: "HTTP", defaultActions: [{ type: "fixed-response" }] });
  });

  test("opens the gate to the load balancer and to other gates, the store to nodes, and nothing else", () => {
    const ingress = made
      .filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .map(({ inputs }) => [inputs.securityGroupId, inputs.referencedSecurityGroupId ?? inputs.cidrIpv4, inputs.fromPort, inputs.toPort]);
    expect(ingress.sort()).toEqual([
      ["door-id", "0.0.0.0/0", 80, 80],
      ["nodes-id", "door-id", 8080, 8080],
      ["nodes-id", "nodes-id", 8080, 8080],
      ["sessions-id", "nodes-id", 6379, 6379],
    ]);
  });

  test("encrypts the session store in transit and at rest, in two zones", () => {
    expect(only(made, "aws:elasticache/replicationGroup:ReplicationGroup", "sessions")).toMatchObject({
      engine: "valkey",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      snapshotRetentionLimit: 7,
    });
  });

  test("closes every bucket, versions it, and encrypts it with the stack's key where AWS allows that", () => {
    const buckets = ["releases", "settings", "backups", "logs"];
    for (const name of buckets) {
      expect(only(made, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${name}-closed`)).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(only(made, "aws:s3/bucketVersioning:BucketVersioning", `${name}-versions`)).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
      expect(only(made, "aws:s3/bucketPolicy:BucketPolicy", `${name}-policy`).policy).toContain('"aws:SecureTransport":"false"');
      const { rules } = only(made, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", `${name}-encryption`);
      const algorithm = name === "logs" ? "AES256" : "aws:kms";
      expect(rules).toMatchObject([{ applyServerSideEncryptionByDefault: { sseAlgorithm: algorithm } }]);
    }
  });

  test("gives nodes no wildcard where AWS allows an ARN", () => {
    const policies = made.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    expect(policies).toHaveLength(1);
    for (const { inputs } of policies) {
      const { Statement } = JSON.parse(inputs.policy as string) as { Statement: { Action: string | string[]; Resource: string | string[] }[] };
      for (const { Action, Resource } of Statement) {
        for (const resource of [Resource].flat()) expect(resource).toMatch(/^arn:aws:[a-z0-9]+:/);
        for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      }
    }
  });

  test("keeps user data within EC2's limit of 16 KB, and no secret in it", () => {
    const { userData } = only(made, "aws:ec2/launchTemplate:LaunchTemplate", `fleet-${release.slice(0, 12)}`);
    const text = Buffer.from(userData as string, "base64").toString();
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
    expect(text).toMatch(/^#!\/bin\/bash\nset -euo pipefail\n/);
    expect(text).toContain("sha256sum --check");
    expect(text).not.toContain("a-token-that-is-not-one");
  });
});

describe("the stack with a domain", () => {
  test("serves TLS, sends plain HTTP there, and proves its certificate in its zone", async () => {
    const made = await program({ "nplus1:domain": "shop.example.com", "nplus1:hostedZoneId": "Z123" });
    expect(only(made, "aws:lb/listener:Listener", "door-https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2/) as string,
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/certificate",
    });
    expect(only(made, "aws:lb/listener:Listener", "door-to-https")).toMatchObject({
      port: 80,
      defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
    expect(only(made, "aws:route53/record:Record", "domain")).toMatchObject({ name: "shop.example.com", type: "A" });
  }, 60_000);
});

test("target tracking keeps one node more than the load needs", () => {
  expect(oneMoreThanNeeded(60, 2)).toBe(40);
  expect(oneMoreThanNeeded(60, 1)).toBe(30);
  expect(oneMoreThanNeeded(90, 99)).toBe(89.1);
});
