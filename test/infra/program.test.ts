import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import program from "../../infra/index";
import { makeRelease } from "../../infra/release";
import { only, record, type Recorded, resource } from "./record";

const project = join(__dirname, "../..");
const { config: defaults } = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as { config: Record<string, { default: unknown }> };
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

interface Ran {
  made: Recorded[];
  outputs: Awaited<ReturnType<typeof program>>;
}

/** The whole program, as `pulumi up` would run it with this configuration. */
async function run(own: Record<string, string>): Promise<Ran> {
  let outputs: Ran["outputs"] | undefined;
  const made = await record(async () => {
    pulumi.runtime.setAllConfig({
      ...Object.fromEntries(Object.entries(defaults).map(([key, { default: value }]) => [`nplus1:${key}`, text(value)])),
      "aws:defaultTags": '{"tags":{"project":"nplus1","stack":"test"}}',
      ...own,
    });
    outputs = await program();
  });
  if (!outputs) throw new Error("the program gave no outputs");
  return { made, outputs };
}

/** What an output came to. */
const settled = <T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> => new Promise((done) => pulumi.output(output).apply(done));

/**
 * Actions of the program that have no resource level: "*" is all that AWS takes.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const NO_RESOURCE_LEVEL = [
  "autoscaling:DescribeAutoScalingGroups",
  "cloudwatch:PutMetricData",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "elasticloadbalancing:DescribeTargetHealth",
];

const TLS = { "nplus1:domain": "shop.example.com", "nplus1:hostedZoneId": "Z123" };
const PLAIN = { "nplus1:plainHttp": "true" };

describe("the stack of plain HTTP", () => {
  let made: Recorded[];
  let outputs: Ran["outputs"];
  let release: string;
  let fleet: string;

  beforeAll(async () => {
    release = (await makeRelease(project, "examples/shop")).digest;
    fleet = `fleet-${release.slice(0, 12)}`;
    ({ made, outputs } = await run(PLAIN));
  }, 60_000);

  test("is made of these resources, whose URNs are their identity", () => {
    const stable = (urn: string): string =>
      urn
        .replace(/^urn:pulumi:test::nplus1::/, "")
        .replaceAll(release.slice(0, 12), "RELEASE")
        .replace(/runtime-[0-9a-f]{12}$/, "runtime-RUNTIME");
    expect(
      made
        .map(({ urn }) => stable(urn))
        .sort()
        .join("\n"),
    ).toMatchSnapshot();
  });

  test("tells where it serves, by which addresses it leaves, and what its parts are called", async () => {
    expect(await settled(outputs)).toEqual({
      url: "http://door.example/",
      egressIps: ["198.51.100.7"],
      n: 2,
      activeRelease: release,
      fleet: `nplus1-test-${release.slice(0, 12)}`,
      targetGroupArn: `arn:aws:lb:us-east-1:123456789012:${fleet}`,
      sessionStore: { primary: "master.sessions.example", reader: "replica.sessions.example" },
      alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
      buckets: { releases: "releases-1234567", settings: "settings-1234567", backups: "backups-1234567", logs: "logs-1234567" },
      region: "us-east-1",
    });
  });

  test("uses its zones in the order of their names, whatever order AWS gives", () => {
    const subnets = made.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(new Set(subnets.map(({ inputs }) => inputs.availabilityZone))).toEqual(new Set(["us-east-1a", "us-east-1b"]));
  });

  test("starts nodes only when they can reach, may do and can fetch what they need", () => {
    const waitsFor = resource(made, "aws:autoscaling/group:Group", fleet).dependsOn.map((urn) => urn.split("::").at(-1));
    const needed = [
      "egress-route",
      "network-s3",
      "sessions",
      "sessions-token",
      "session-cookie",
      "nodes-store-in",
      "nodes-outside-443",
      "nodes-clients-in",
      "nodes-ssm",
      "nodes",
    ];
    expect(waitsFor).toEqual(expect.arrayContaining([...needed, expect.stringMatching(/^release-app-/), expect.stringMatching(/^release-runtime-/)]));
  });

  test.each([
    ["aws:ec2/flowLog:FlowLog", "network-flows", "logs-policy"],
    ["aws:lb/loadBalancer:LoadBalancer", "door", "logs-policy"],
    ["aws:lb/loadBalancer:LoadBalancer", "door", "network-public-internet"],
    ["aws:ec2/natGateway:NatGateway", "egress", "network-public-internet"],
  ])("makes %s %s after %s, which AWS wants to see", (type, name, before) => {
    expect(resource(made, type, name).dependsOn.map((urn) => urn.split("::").at(-1))).toContain(before);
  });

  test("uploads releases only when their bucket encrypts and keeps versions", () => {
    const { dependsOn } = resource(made, "aws:s3/bucketObjectv2:BucketObjectv2", `release-app-${release.slice(0, 12)}`);
    expect(dependsOn.map((urn) => urn.split("::").at(-1))).toEqual(
      expect.arrayContaining(["releases-encryption", "releases-versions", "releases-closed"]),
    );
  });

  test("sends clients to a fleet only when all of it is healthy", () => {
    const { dependsOn } = resource(made, "aws:lb/listenerRule:ListenerRule", "switch");
    expect(dependsOn).toContain(resource(made, "aws:autoscaling/group:Group", fleet).urn);
  });

  test("allows nothing on everything where AWS takes an ARN", () => {
    const policies = made.flatMap(({ type, name, inputs }) =>
      // In a key policy the resource is the key itself, and "*" the only way to say so.
      type === "aws:kms/key:Key"
        ? []
        : [inputs.policy, inputs.policyDocument].flatMap((policy) => (typeof policy === "string" ? [{ of: `${type} ${name}`, policy }] : [])),
    );
    expect(policies.map(({ of }) => of.split(":").at(-1)).sort()).toEqual([
      "BucketPolicy backups-policy",
      "BucketPolicy logs-policy",
      "BucketPolicy releases-policy",
      "BucketPolicy settings-policy",
      "LogResourcePolicy events",
      "RolePolicy nodes",
      "RolePolicy sentinel",
      "RolePolicy sentinel-schedule",
      "TopicPolicy alarms-policy",
    ]);
    for (const { of, policy } of policies) {
      const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[] };
      for (const { Effect, Action, Resource } of Statement) {
        for (const resource of [Resource].flat())
          if (resource !== "*" || ![Action].flat().every((action) => NO_RESOURCE_LEVEL.includes(action)))
            expect([of, resource]).toEqual([of, expect.stringMatching(/^arn:aws:[a-z0-9]+:[^*]/)]);
        if (Effect === "Allow")
          for (const action of [Action].flat()) expect([of, action]).toEqual([of, expect.stringMatching(/^[a-z0-9]+:[A-Za-z]+$/)]);
      }
    }
  });

  test("tells nodes where everything is, and no secret", () => {
    const { userData, tagSpecifications } = only(made, "aws:ec2/launchTemplate:LaunchTemplate", fleet);
    const script = Buffer.from(userData as string, "base64").toString();
    expect(script).toContain('"releasesBucket": "releases-1234567"');
    expect(script).toContain('"primaryHost": "master.sessions.example"');
    expect(script).toContain('"cookieSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:session-cookie"');
    expect(script).toContain('"lifetimeMs": 86400000');
    expect(script).toContain(`"autoScalingGroup": "nplus1-test-${release.slice(0, 12)}"`);
    expect(script).not.toContain("a-token-that-is-not-one");
    expect(tagSpecifications).toContainEqual({ resourceType: "instance", tags: { project: "nplus1", stack: "test", Name: "nplus1-test" } });
  });
});

test("with a domain it serves TLS under that name", async () => {
  const { made, outputs } = await run(TLS);
  expect((await settled(outputs)).url).toBe("https://shop.example.com/");
  expect(only(made, "aws:lb/listener:Listener", "door-https").certificateArn).toBe("arn:aws:acm:us-east-1:123456789012:certificate/certificate");
  expect(only(made, "aws:lb/listenerRule:ListenerRule", "switch").listenerArn).toBe("arn:aws:lb:us-east-1:123456789012:door-https");
  expect(only(made, "aws:route53/record:Record", "domain")).toMatchObject({ name: "shop.example.com", aliases: [{ name: "door.example" }] });
});

test("modifications that wait for a replica have a store with one more, whose every node is watched", async () => {
  const { made } = await run({ ...PLAIN, "nplus1:sessionDurability": "replica" });
  expect(only(made, "aws:elasticache/replicationGroup:ReplicationGroup", "sessions").numCacheClusters).toBe(3);
  expect(made.filter(({ type, name }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm" && name.endsWith("-memory"))).toHaveLength(3);
});

test("alarms are made when their topic lets them publish", async () => {
  const { made } = await run({ ...PLAIN, "nplus1:alarmEmail": "ops@example.com" });
  const { dependsOn } = resource(made, "aws:cloudwatch/metricAlarm:MetricAlarm", "sessions-001-memory");
  expect(dependsOn).toContain(resource(made, "aws:sns/topicPolicy:TopicPolicy", "alarms-policy").urn);
});

test("another size of the cluster is the same resources", async () => {
  const urns = async (n: string) => (await run({ ...PLAIN, "nplus1:n": n })).made.map(({ urn }) => urn).sort();
  expect(await urns("5")).toEqual(await urns("2"));
});

test.each([
  [{ ...PLAIN, "nplus1:n": "0" }, "nplus1:n: must be 1-99, got 0"],
  [{ ...PLAIN, "nplus1:zones": "4" }, "nplus1:zones: must be at most 3 in us-east-1, got 4"],
  [{ ...PLAIN, "nplus1:app": "examples" }, "nplus1.yaml: must be there, every application has one"],
])("fails with a message for people when %j", async (own, message) => {
  const failure = await run(own).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(pulumi.RunError);
  expect((failure as Error).message).toContain(message);
});
