import fc from "fast-check";
import { Fleet, oneMoreThanNeeded } from "../../infra/fleet";
import { rulePriority } from "../../infra/fleet-name";
import { only, record, type Recorded, resource } from "./record";

const digest = "0123456789abcdef".repeat(4);
const name = "fleet-0123456789ab";
let made: Recorded[];

beforeAll(async () => {
  const places = { vpcId: "vpc", subnetIds: ["private-a", "private-b"], listenerArn: "arn:listener", securityGroupId: "sg-nodes" };
  const node = { imageId: "ami-1", instanceType: "t4g.small", rootVolumeGiB: 16, instanceProfileArn: "arn:profile", kmsKeyArn: "arn:aws:kms:k" };
  const load = { n: 2, maxNodes: 6, cpuTargetPercent: 60, stickinessSeconds: 86_400, drainSeconds: 60, readyTimeoutSeconds: 600 };
  const tags = { project: "nplus1", Name: "nplus1-prod" };
  made = await record(
    () => new Fleet(name, { release: digest, stack: "prod", ...places, ...node, ...load, userData: "#!/bin/bash\n", tags, after: [] }),
  );
});

test("n+1 nodes over the private subnets, and all of them healthy for the load balancer before the group counts as made", () => {
  expect(only(made, "aws:autoscaling/group:Group", name)).toEqual({
    name: "nplus1-prod-0123456789ab",
    minSize: 3,
    desiredCapacity: 3,
    maxSize: 6,
    vpcZoneIdentifiers: ["private-a", "private-b"],
    launchTemplate: { id: `${name}-id`, version: "1" },
    targetGroupArns: [`arn:aws:lb:us-east-1:123456789012:${name}`],
    healthCheckType: "EC2",
    healthCheckGracePeriod: 0,
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
    initialLifecycleHooks: [
      { name: "ready", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 600, defaultResult: "ABANDON" },
      { name: "drain", lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 300, defaultResult: "CONTINUE" },
    ],
    minElbCapacity: 3,
    waitForCapacityTimeout: "600s",
    tags: [
      { key: "project", value: "nplus1", propagateAtLaunch: true },
      { key: "Name", value: "nplus1-prod", propagateAtLaunch: true },
    ],
  });
});

test("the target group is on a rule before the group waits for its health", () => {
  expect(only(made, "aws:lb/listenerRule:ListenerRule", name)).toEqual({
    listenerArn: "arn:listener",
    priority: rulePriority(digest),
    conditions: [{ httpHeader: { httpHeaderName: "x-nplus1-release", values: [digest] } }],
    actions: [{ type: "forward", targetGroupArn: `arn:aws:lb:us-east-1:123456789012:${name}` }],
  });
  const { urn } = resource(made, "aws:lb/listenerRule:ListenerRule", name);
  expect(resource(made, "aws:autoscaling/group:Group", name).dependsOn).toContain(urn);
});

test("nodes are checked by their deep health path as often as AWS allows, and clients stay on theirs", () => {
  expect(only(made, "aws:lb/targetGroup:TargetGroup", name)).toEqual({
    vpcId: "vpc",
    port: 8080,
    protocol: "HTTP",
    targetType: "instance",
    deregistrationDelay: 60,
    stickiness: { type: "lb_cookie", enabled: true, cookieDuration: 86_400 },
    healthCheck: { protocol: "HTTP", path: "/.nplus1/health", interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2, matcher: "200" },
  });
});

test("a node's metadata is for holders of a token, and its disk is encrypted with the stack's key", () => {
  const tags = { project: "nplus1", Name: "nplus1-prod" };
  expect(only(made, "aws:ec2/launchTemplate:LaunchTemplate", name)).toEqual({
    imageId: "ami-1",
    instanceType: "t4g.small",
    iamInstanceProfile: { arn: "arn:profile" },
    vpcSecurityGroupIds: ["sg-nodes"],
    userData: Buffer.from("#!/bin/bash\n").toString("base64"),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: 16, encrypted: "true", kmsKeyId: "arn:aws:kms:k", deleteOnTermination: "true" },
      },
    ],
    monitoring: { enabled: true },
    tagSpecifications: [
      { resourceType: "instance", tags },
      { resourceType: "volume", tags },
    ],
  });
});

test("the group grows before n nodes would be at the wanted load", () => {
  expect(only(made, "aws:autoscaling/policy:Policy", `${name}-load`)).toEqual({
    autoscalingGroupName: "nplus1-prod-0123456789ab",
    policyType: "TargetTrackingScaling",
    targetTrackingConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: 40,
    },
  });
});

test.each([
  [60, 1, 30],
  [60, 2, 40],
  [90, 99, 89.1],
])("at a wanted load of %d %% for %d nodes, one more than needed is at %d %%", (percent, n, target) => {
  expect(oneMoreThanNeeded(percent, n)).toBe(target);
});

test("a fleet's rule stands between the internal paths' and the switch's, whatever its release", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (release) => {
      expect(rulePriority(release)).toBeGreaterThan(1);
      expect(rulePriority(release)).toBeLessThan(50_000);
    }),
  );
});
