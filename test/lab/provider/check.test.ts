import { awsResources } from "../../../lab/provider/aws/catalogue";
import { check } from "../../../lab/provider/check";
import { type Properties, Unknown } from "../../../lab/provider/property-values";
import type { Resource } from "../../../lab/provider/resource";

export const typed = (suffix: string): Resource => {
  const found = awsResources.find(({ type }) => type.endsWith(`:${suffix}`));
  if (!found) throw new Error(`no type ${suffix}`);
  return found;
};

const checked = (resource: Resource, news: Properties, olds: Properties = {}) =>
  check(resource, { resourceName: "web", olds, news, seed: Uint8Array.from([1]), region: "us-east-1", defaultTags: { stack: "lab" } });

const SG = "sg-0123456789abcdef0";
const vpc = { cidrBlock: "10.0.0.0/16" };
const targetGroup = { vpcId: "vpc-0123456789abcdef0", port: 8080, protocol: "HTTP" };
const group = { minSize: 1, maxSize: 2, launchTemplate: { id: "lt-0123456789abcdef0" }, vpcZoneIdentifiers: ["subnet-0123456789abcdef0"] };
const store = {
  description: "sessions",
  engine: "valkey",
  nodeType: "cache.t4g.micro",
  subnetGroupName: "sessions",
  securityGroupIds: [SG],
};

const alarm = {
  namespace: "AWS/ElastiCache",
  metricName: "Evictions",
  statistic: "Sum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  period: 60,
  evaluationPeriods: 5,
};

test.each<[title: string, type: string, inputs: Properties, property: string, reason: string]>([
  ["an unknown property", "Vpc", { ...vpc, ciderBlock: "x" }, "ciderBlock", "the lab's aws:ec2/vpc:Vpc has no such property"],
  [
    "an unknown property inside",
    "TargetGroup",
    { ...targetGroup, healthCheck: { paht: "/" } },
    "healthCheck.paht",
    "the lab's aws:lb/targetGroup:TargetGroup has no such property",
  ],
  ["a missing property", "Subnet", { cidrBlock: "10.0.0.0/24" }, "vpcId", "Invalid input: expected string, received undefined"],
  ["a VPC larger than a /16", "Vpc", { cidrBlock: "10.0.0.0/8" }, "cidrBlock", 'must be a /16 to a /28, got "10.0.0.0/8"'],
  [
    "another region than the provider's",
    "Vpc",
    { ...vpc, region: "eu-west-1" },
    "region",
    'must be the provider\'s region us-east-1, got "eu-west-1"',
  ],
  ["a region where there is none", "Role", { assumeRolePolicy: "{}", region: "us-east-1" }, "region", "aws:iam/role:Role has no such property"],
  [
    "a reserved tag",
    "Vpc",
    { ...vpc, tags: { "aws:x": "1" } },
    "tags.aws:x",
    "must be 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
  ],
  [
    "a health check slower than its interval",
    "TargetGroup",
    { ...targetGroup, healthCheck: { timeout: 5, interval: 5 } },
    "healthCheck.timeout",
    "must be smaller than interval (5), got 5",
  ],
  [
    "a deregistration delay over an hour",
    "TargetGroup",
    { ...targetGroup, deregistrationDelay: 3601 },
    "deregistrationDelay",
    "Too big: expected number to be <=3600, got 3601",
  ],
  [
    "a load balancer in one subnet",
    "LoadBalancer",
    { securityGroups: [SG], subnets: ["subnet-0123456789abcdef0"] },
    "subnets",
    "Too small: expected array to have >=2 items",
  ],
  [
    "a priority beyond the last",
    "ListenerRule",
    {
      listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/a",
      priority: 50001,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }],
    },
    "priority",
    "Too big: expected number to be <=50000, got 50001",
  ],
  ["a period that CloudWatch has not", "MetricAlarm", { ...alarm, period: 45 }, "period", "must be 10, 20, 30 or a multiple of 60, got 45"],
  [
    "more datapoints than there are",
    "MetricAlarm",
    { ...alarm, datapointsToAlarm: 6 },
    "",
    "must have at most as many datapointsToAlarm as evaluationPeriods",
  ],
  [
    "an alarm that looks back two days",
    "MetricAlarm",
    { ...alarm, evaluationPeriods: 2880 },
    "",
    "must have evaluationPeriods that end within a day (a week with periods of an hour or more)",
  ],
  ["a topic with a dot", "Topic", { name: "a.b" }, "name", 'must be 1-256 letters, digits, underscores or hyphens, got "a.b"'],
  [
    "a subscription by telephone",
    "TopicSubscription",
    { topic: "arn:aws:sns:us-east-1:123456789012:alarms", protocol: "sms", endpoint: "ops@example.com" },
    "protocol",
    'must be email in the lab, got "sms"',
  ],
  [
    "a way to change a token, and no token",
    "ReplicationGroup",
    { ...store, authTokenUpdateStrategy: "ROTATE" },
    "",
    "must have authToken when authTokenUpdateStrategy is set",
  ],
  ["more than it may have", "Group", { ...group, desiredCapacity: 3 }, "", "must have minSize <= desiredCapacity <= maxSize"],
  [
    "a heartbeat shorter than 30 s",
    "Group",
    { ...group, initialLifecycleHooks: [{ name: "ready", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 5 }] },
    "initialLifecycleHooks.0.heartbeatTimeout",
    "Too small: expected number to be >=30, got 5",
  ],
  [
    "a maintenance policy over a range of 100",
    "Group",
    { ...group, instanceMaintenancePolicy: { minHealthyPercentage: 90, maxHealthyPercentage: 200 } },
    "instanceMaintenancePolicy",
    "must be -1 and -1, or 0-100 and 100-200, at most 100 apart",
  ],
  [
    "an AUTH token without TLS",
    "ReplicationGroup",
    { ...store, authToken: "0123456789abcdef" },
    "",
    "must have transitEncryptionEnabled when authToken is set",
  ],
  [
    "two zones without failover",
    "ReplicationGroup",
    { ...store, multiAzEnabled: true },
    "",
    "must have automaticFailoverEnabled when multiAzEnabled",
  ],
  [
    "a rule without a peer",
    "SecurityGroupIngressRule",
    { securityGroupId: SG, ipProtocol: "-1" },
    "",
    "must have one of cidrIpv4, prefixListId, referencedSecurityGroupId",
  ],
  ["a bucket's name in capitals", "Bucket", { bucket: "Logs" }, "bucket", 'must be 3-63 lower-case letters, digits, dots or dashes, got "Logs"'],
  ["a policy that is not JSON", "BucketPolicy", { bucket: "logs", policy: "{" }, "policy", 'must be a JSON object, got "{"'],
])("fails for %s", (_, type, inputs, property, reason) => {
  expect(checked(typed(type), inputs).failures).toContainEqual({ property, reason });
});

test("fails for a resource name too long to make a name from", () => {
  const request = { resourceName: "a".repeat(25), olds: {}, news: targetGroup, seed: new Uint8Array(), region: "us-east-1", defaultTags: {} };
  const { failures } = check(typed("TargetGroup"), request);
  expect(failures).toEqual([
    {
      property: "name",
      reason: `cannot be made from the resource's name: '${"a".repeat(25)}-' plus 7 random chars is longer than maximum length 32`,
    },
  ]);
});

test("names every fault at once", () => {
  expect(checked(typed("Vpc"), { cidrBlock: "10.0.0.0/8", enableDnsSupport: "yes" }).failures.map(({ property }) => property)).toEqual([
    "cidrBlock",
    "enableDnsSupport",
  ]);
});

test("fills in defaults, a name and the default tags under the resource's own", () => {
  const { inputs, failures } = checked(typed("SecurityGroup"), { tags: { Name: "web", stack: "mine" } });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({
    name: expect.stringMatching(/^web-[0-9a-f]{7}$/) as string,
    description: "Managed by Pulumi",
    revokeRulesOnDelete: false,
    tags: { Name: "web", stack: "mine" },
    tagsAll: { stack: "mine", Name: "web" },
    __defaults: ["name"],
  });
});

test("keeps the name it gave, and gives one again when an explicit one is taken away", () => {
  const resource = typed("SecurityGroup");
  expect(checked(resource, {}, { name: "web-1234567", __defaults: ["name"] }).inputs.name).toBe("web-1234567");
  expect(checked(resource, {}, { name: "explicit" }).inputs.name).not.toBe("explicit");
});

test("leaves what is not known yet to the update", () => {
  const { inputs, failures } = checked(typed("Subnet"), { vpcId: Unknown.value, cidrBlock: "10.0.0.0/24", tags: { Name: Unknown.value } });
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ vpcId: Unknown.value, mapPublicIpOnLaunch: false, tagsAll: { stack: "lab", Name: Unknown.value } });
});

test("still refuses an unknown property beside a value that is not known yet", () => {
  expect(checked(typed("Vpc"), { cidrBlock: Unknown.value, nope: 1 }).failures).toHaveLength(1);
});

test("an Auto Scaling group has tags of its own kind and no default ones", () => {
  expect(checked(typed("Group"), group).inputs).not.toHaveProperty("tagsAll");
});
