import * as sdk from "@aws-sdk/client-auto-scaling";
import { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";
import { FakeCloud } from "./fake-cloud";
import { input, serve } from "./serve";

let cloud: FakeCloud;
let service: AutoScaling;
let client: sdk.AutoScalingClient;
let close: () => Promise<void>;

const AutoScalingGroupName = "shop";
const first = { AutoScalingGroupName, InstanceIds: ["i-1"] };

beforeEach(async () => {
  cloud = new FakeCloud();
  service = new AutoScaling(cloud, (error) => {
    throw error;
  });
  ({ client, close } = await serve(service));
});

afterEach(() => close());

/** Two that serve, of at least one. */
async function serving(more: Partial<sdk.CreateAutoScalingGroupCommandInput> = {}): Promise<void> {
  await client.send(new sdk.CreateAutoScalingGroupCommand({ ...input, LifecycleHookSpecificationList: [], MinSize: 1, DesiredCapacity: 2, ...more }));
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

async function looked(): Promise<void> {
  service.controller.wake();
  await settled();
}

const members = async (): Promise<string[]> => {
  const { AutoScalingGroups } = await client.send(new sdk.DescribeAutoScalingGroupsCommand({}));
  return (AutoScalingGroups?.[0]?.Instances ?? []).map((one) => `${one.InstanceId} ${one.LifecycleState} ${one.HealthStatus}`);
};

test("standby tells its activities, with the capacity before and after", async () => {
  await serving();
  const entered = await client.send(new sdk.EnterStandbyCommand({ ...first, ShouldDecrementDesiredCapacity: true }));
  expect(entered.Activities).toMatchObject([
    {
      AutoScalingGroupName,
      Description: "Moving EC2 instance to Standby: i-1",
      Cause: expect.stringMatching(/moved to standby .*, shrinking the capacity from 2 to 1\.$/),
    },
  ]);
  await settled();
  const left = await client.send(new sdk.ExitStandbyCommand(first));
  expect(left.Activities).toMatchObject([
    {
      Description: "Moving EC2 instance out of Standby: i-1",
      Cause: expect.stringMatching(/out of standby .*, increasing the capacity from 1 to 2\.$/),
    },
  ]);
});

test("an instance that dies on standby stays healthy until it returns, and is then replaced", async () => {
  await serving();
  await client.send(new sdk.EnterStandbyCommand({ ...first, ShouldDecrementDesiredCapacity: true }));
  await settled();
  cloud.die("i-1");
  await looked();
  expect(await members()).toEqual(["i-1 Standby Healthy", "i-2 InService Healthy"]);
  await client.send(new sdk.ExitStandbyCommand(first));
  await looked();
  expect(await members()).toEqual(["i-2 InService Healthy", "i-3 InService Healthy"]);
});

test("an instance on standby can be terminated, and takes no place with it", async () => {
  await serving();
  await client.send(new sdk.EnterStandbyCommand({ ...first, ShouldDecrementDesiredCapacity: true }));
  await settled();
  const ended = await client.send(new sdk.TerminateInstanceInAutoScalingGroupCommand({ InstanceId: "i-1", ShouldDecrementDesiredCapacity: true }));
  expect(ended.Activity).toMatchObject({ AutoScalingGroupName, Description: "Terminating EC2 instance: i-1", StatusCode: "InProgress" });
  await settled();
  expect(await members()).toEqual(["i-2 InService Healthy"]);
});

test("an instance that is said to be unhealthy is replaced by the group's policy, launched first", async () => {
  await serving();
  await client.send(new sdk.SetInstanceHealthCommand({ InstanceId: "i-1", HealthStatus: "Unhealthy" }));
  await settled();
  expect(await members()).toEqual(["i-2 InService Healthy", "i-3 InService Healthy"]);
  expect(cloud.log.indexOf("register i-3")).toBeLessThan(cloud.log.indexOf("kill i-1"));
});

test("the grace period protects from that, unless it is told not to", async () => {
  await serving({ HealthCheckGracePeriod: 300 });
  const unhealthy = { InstanceId: "i-1", HealthStatus: "Unhealthy" };
  await client.send(new sdk.SetInstanceHealthCommand(unhealthy));
  await settled();
  expect(await members()).toEqual(["i-1 InService Healthy", "i-2 InService Healthy"]);
  await client.send(new sdk.SetInstanceHealthCommand({ ...unhealthy, ShouldRespectGracePeriod: false }));
  await settled();
  expect(await members()).toEqual(["i-2 InService Healthy", "i-3 InService Healthy"]);
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    "standby would go below the least size",
    () => client.send(new sdk.EnterStandbyCommand({ ...first, InstanceIds: ["i-1", "i-2"], ShouldDecrementDesiredCapacity: true })),
    "must be between the specified min size:1",
  ],
  ["one that serves is told to leave standby", () => client.send(new sdk.ExitStandbyCommand(first)), "is not in Standby"],
  [
    "an instance is of no group",
    () => client.send(new sdk.SetInstanceHealthCommand({ InstanceId: "i-9", HealthStatus: "Unhealthy" })),
    "No managed instance found",
  ],
])("fails when %s", async (_, call, message) => {
  await serving();
  await expect(call()).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining(message) });
  expect(await members()).toEqual(["i-1 InService Healthy", "i-2 InService Healthy"]);
});
