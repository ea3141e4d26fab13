import * as sdk from "@aws-sdk/client-auto-scaling";
import { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";
import { FakeCloud } from "./fake-cloud";
import { input, serve } from "./serve";

let cloud: FakeCloud;
let service: AutoScaling;
let client: sdk.AutoScalingClient;
let close: () => Promise<void>;

beforeEach(async () => {
  cloud = new FakeCloud();
  service = new AutoScaling(cloud, (error) => {
    throw error;
  });
  ({ client, close } = await serve(service));
});

afterEach(() => close());

const AutoScalingGroupName = "shop";

/** A group of two that serve, without hooks. */
async function serving(more: Partial<sdk.CreateAutoScalingGroupCommandInput> = {}): Promise<void> {
  await client.send(new sdk.CreateAutoScalingGroupCommand({ ...input, LifecycleHookSpecificationList: [], MinSize: 1, DesiredCapacity: 2, ...more }));
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

async function group(): Promise<sdk.AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await client.send(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
  return AutoScalingGroups?.[0];
}

const states = async (): Promise<string[]> => ((await group())?.Instances ?? []).map((one) => `${one.InstanceId} ${one.LifecycleState}`);

test("a group is described as it was asked for", async () => {
  const asked = {
    HealthCheckType: "ELB",
    HealthCheckGracePeriod: 30,
    DefaultCooldown: 60,
    DefaultInstanceWarmup: 90,
    MaxInstanceLifetime: 86_400,
    CapacityRebalance: true,
    NewInstancesProtectedFromScaleIn: true,
    ServiceLinkedRoleARN: "arn:aws:iam::123456789012:role/scaling",
    TerminationPolicies: ["OldestInstance", "Default"],
  };
  await serving(asked);

  expect(await group()).toMatchObject({
    ...asked,
    MinSize: 1,
    MaxSize: 6,
    DesiredCapacity: 2,
    VPCZoneIdentifier: "subnet-a,subnet-b",
    AvailabilityZones: ["us-east-1a", "us-east-1b"],
    InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
    Tags: [{ ResourceId: "shop", ResourceType: "auto-scaling-group", Key: "Name", Value: "node", PropagateAtLaunch: true }],
    Instances: [{ ProtectedFromScaleIn: true }, { ProtectedFromScaleIn: true }],
  });
});

test("a refused update changes nothing", async () => {
  await serving();
  const before = await group();
  const update = new sdk.UpdateAutoScalingGroupCommand({ AutoScalingGroupName, VPCZoneIdentifier: "subnet-a", MinSize: 7 });

  await expect(client.send(update)).rejects.toThrow("MinSize, 7, must be less than or equal to MaxSize, 6");
  expect(await group()).toEqual(before);
});

test("an instance enters standby out of its target group, and comes back", async () => {
  await serving();
  const instance = { AutoScalingGroupName, InstanceIds: ["i-1"] };
  await client.send(new sdk.EnterStandbyCommand({ ...instance, ShouldDecrementDesiredCapacity: true }));
  await settled();
  expect(await states()).toEqual(["i-1 Standby", "i-2 InService"]);
  expect([...cloud.registered]).toEqual(["i-2"]);
  expect(service.targetLifecycleState("i-1")).toBe("Standby");

  await client.send(new sdk.ExitStandbyCommand(instance));
  await settled();
  expect(await states()).toEqual(["i-1 InService", "i-2 InService"]);
  expect([...cloud.registered].sort()).toEqual(["i-1", "i-2"]);
  expect((await group())?.DesiredCapacity).toBe(2);
});

test("an instance that enters standby is replaced unless the desired capacity goes down with it", async () => {
  await serving();
  await client.send(new sdk.EnterStandbyCommand({ AutoScalingGroupName, InstanceIds: ["i-1"], ShouldDecrementDesiredCapacity: false }));
  await settled();
  expect(await states()).toEqual(["i-1 Standby", "i-2 InService", "i-3 InService"]);
});

test("an instance that is told to go twice leaves the count once", async () => {
  await serving({ DesiredCapacity: 3, LifecycleHookSpecificationList: input.LifecycleHookSpecificationList?.slice(1) });
  const terminate = new sdk.TerminateInstanceInAutoScalingGroupCommand({ InstanceId: "i-1", ShouldDecrementDesiredCapacity: true });
  await client.send(terminate);
  await client.send(terminate);
  expect((await group())?.DesiredCapacity).toBe(2);
});

test("a protected instance survives a smaller desired capacity", async () => {
  await serving();
  await client.send(new sdk.SetInstanceProtectionCommand({ AutoScalingGroupName, InstanceIds: ["i-1"], ProtectedFromScaleIn: true }));
  await client.send(new sdk.SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }));
  await settled();
  expect(await states()).toEqual(["i-1 InService"]);
});

test("a hook is completed by its token alone", async () => {
  await serving({ ...input, MinSize: 1, DesiredCapacity: 1 });
  const token = service.controller.members.get("i-1")?.waits[0]?.token ?? "";
  const action = { AutoScalingGroupName, LifecycleHookName: "ready", LifecycleActionResult: "CONTINUE" };
  const wrong = new sdk.CompleteLifecycleActionCommand({ ...action, LifecycleActionToken: "00000000-0000-0000-0000-000000000000" });
  await expect(client.send(wrong)).rejects.toThrow("No active Lifecycle Action found with token 00000000-0000-0000-0000-000000000000");

  await client.send(new sdk.CompleteLifecycleActionCommand({ ...action, LifecycleActionToken: token }));
  expect(await states()).toEqual(["i-1 InService"]);
});

test("a hook keeps what a change of it does not name", async () => {
  await serving();
  const hook = { AutoScalingGroupName, LifecycleHookName: "drain" };
  await client.send(
    new sdk.PutLifecycleHookCommand({ ...hook, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", DefaultResult: "CONTINUE" }),
  );
  await client.send(new sdk.PutLifecycleHookCommand({ ...hook, HeartbeatTimeout: 60 }));
  const { LifecycleHooks } = await client.send(new sdk.DescribeLifecycleHooksCommand({ AutoScalingGroupName, LifecycleHookNames: ["drain"] }));
  expect(LifecycleHooks).toEqual([
    { ...hook, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", DefaultResult: "CONTINUE", HeartbeatTimeout: 60, GlobalTimeout: 6000 },
  ]);
});

test("attached and detached targets are joined and left, by either name", async () => {
  await serving({ TargetGroupARNs: [] });
  const sources = { AutoScalingGroupName, TrafficSources: [{ Identifier: "arn:other", Type: "elbv2" }] };
  await client.send(new sdk.AttachTrafficSourcesCommand(sources));
  await settled();
  expect([...cloud.registered].sort()).toEqual(["i-1", "i-2"]);
  const described = await client.send(new sdk.DescribeTrafficSourcesCommand({ AutoScalingGroupName }));
  expect(described.TrafficSources).toEqual([{ Identifier: "arn:other", Type: "elbv2", State: "Added" }]);
  const groups = await client.send(new sdk.DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName }));
  expect(groups.LoadBalancerTargetGroups).toEqual([{ LoadBalancerTargetGroupARN: "arn:other", State: "Added" }]);

  await client.send(new sdk.DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs: ["arn:other"] }));
  await settled();
  expect([...cloud.registered]).toEqual([]);
});

test("tags are found by their filters", async () => {
  await serving();
  const tag = { ResourceId: "shop", ResourceType: "auto-scaling-group", PropagateAtLaunch: false };
  await client.send(new sdk.CreateOrUpdateTagsCommand({ Tags: [{ ...tag, Key: "release", Value: "a" }] }));
  const find = (Name: string, ...Values: string[]) => client.send(new sdk.DescribeTagsCommand({ Filters: [{ Name, Values }] }));
  expect((await find("key", "release", "other")).Tags).toEqual([{ ...tag, Key: "release", Value: "a" }]);
  expect((await find("auto-scaling-group", "none")).Tags).toEqual([]);

  await client.send(new sdk.DeleteTagsCommand({ Tags: [{ ...tag, Key: "release" }] }));
  expect((await find("key", "release")).Tags).toEqual([]);
});

test("metrics and processes without a name mean all of them", async () => {
  await serving();
  await client.send(new sdk.EnableMetricsCollectionCommand({ AutoScalingGroupName, Metrics: ["GroupMinSize"], Granularity: "1Minute" }));
  await client.send(new sdk.SuspendProcessesCommand({ AutoScalingGroupName }));
  const suspended = await group();
  expect(suspended?.EnabledMetrics).toEqual([{ Metric: "GroupMinSize", Granularity: "1Minute" }]);
  expect(suspended?.SuspendedProcesses).toHaveLength(9);

  await client.send(new sdk.ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ["Launch"] }));
  await client.send(new sdk.DisableMetricsCollectionCommand({ AutoScalingGroupName }));
  const resumed = await group();
  expect(resumed?.EnabledMetrics).toEqual([]);
  expect(resumed?.SuspendedProcesses?.map((one) => one.ProcessName)).not.toContain("Launch");
});

test("a policy is described as it was put, and ends with its group", async () => {
  await serving();
  const policy = {
    AutoScalingGroupName,
    PolicyName: "load",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const }, TargetValue: 60 },
  };
  const { PolicyARN } = await client.send(new sdk.PutScalingPolicyCommand(policy));
  expect((await client.send(new sdk.DescribePoliciesCommand({}))).ScalingPolicies).toEqual([{ ...policy, PolicyARN }]);

  await client.send(new sdk.DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
  await settled();
  await serving();
  expect((await client.send(new sdk.DescribePoliciesCommand({}))).ScalingPolicies).toEqual([]);
});

test("instances are described beside their group, with a health that shouts", async () => {
  await serving();
  const { AutoScalingInstances } = await client.send(new sdk.DescribeAutoScalingInstancesCommand({ InstanceIds: ["i-2"] }));
  expect(AutoScalingInstances).toEqual([
    {
      InstanceId: "i-2",
      AutoScalingGroupName,
      AvailabilityZone: "us-east-1b",
      LifecycleState: "InService",
      HealthStatus: "HEALTHY",
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
      ProtectedFromScaleIn: false,
    },
  ]);
});

test("there are no warm pools and no instance refreshes", async () => {
  await serving();
  expect((await client.send(new sdk.DescribeWarmPoolCommand({ AutoScalingGroupName }))).Instances).toEqual([]);
  expect((await client.send(new sdk.DescribeInstanceRefreshesCommand({ AutoScalingGroupName }))).InstanceRefreshes).toEqual([]);
});

test.each<[string, () => Promise<unknown>]>([
  ["standby of one that does not serve", () => client.send(new sdk.ExitStandbyCommand({ AutoScalingGroupName, InstanceIds: ["i-1"] }))],
  ["a health that is none", () => client.send(new sdk.SetInstanceHealthCommand({ InstanceId: "i-1", HealthStatus: "Fine" }))],
  ["a process that is none", () => client.send(new sdk.SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ["Lunch"] }))],
  ["a hook that is not there", () => client.send(new sdk.DeleteLifecycleHookCommand({ AutoScalingGroupName, LifecycleHookName: "none" }))],
  ["a policy that is not there", () => client.send(new sdk.DeletePolicyCommand({ AutoScalingGroupName, PolicyName: "none" }))],
  [
    "tags of a group that is not",
    () => client.send(new sdk.CreateOrUpdateTagsCommand({ Tags: [{ ResourceId: "none", ResourceType: "auto-scaling-group", Key: "a" }] })),
  ],
])("refuses %s", async (_, call) => {
  await serving();
  await expect(call()).rejects.toMatchObject({ name: "ValidationError" });
});
