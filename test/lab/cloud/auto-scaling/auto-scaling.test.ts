import {
  type AutoScalingClient,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  type Instance,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";
import { FakeCloud } from "./fake-cloud";
import { input, serve } from "./serve";

/** How long a state may take to come about, in milliseconds. */
const LIMIT_MS = 3_000;

let cloud: FakeCloud;
let service: AutoScaling;
let client: AutoScalingClient;
let close: () => Promise<void>;
let failures: unknown[];

beforeEach(async () => {
  cloud = new FakeCloud();
  failures = [];
  service = new AutoScaling(cloud, (error) => failures.push(error));
  ({ client, close } = await serve(service));
});

afterEach(async () => {
  await close();
  await service.controller.stop();
  expect(failures).toEqual([]);
});

async function instances(): Promise<Instance[]> {
  const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["shop"] }));
  return AutoScalingGroups?.[0]?.Instances ?? [];
}

/** `i-1 InService` of each member, in order. */
const states = async (): Promise<string[]> => (await instances()).map((one) => `${one.InstanceId} ${one.LifecycleState}`);

async function eventually(wanted: string[]): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  let seen = await states();
  while (JSON.stringify(seen) !== JSON.stringify(wanted) && performance.now() < deadline) {
    await new Promise(setImmediate);
    seen = await states();
  }
  expect(seen).toEqual(wanted);
}

const complete = (InstanceId: string, LifecycleHookName: string, LifecycleActionResult = "CONTINUE") =>
  client.send(new CompleteLifecycleActionCommand({ AutoScalingGroupName: "shop", InstanceId, LifecycleHookName, LifecycleActionResult }));

async function serving(): Promise<void> {
  await client.send(new CreateAutoScalingGroupCommand(input));
  await eventually(["i-1 Pending:Wait", "i-2 Pending:Wait", "i-3 Pending:Wait"]);
  for (const id of ["i-1", "i-2", "i-3"]) await complete(id, "ready");
  await eventually(["i-1 InService", "i-2 InService", "i-3 InService"]);
}

test("a new group launches its members over its zones; each waits in its hook, outside the target group", async () => {
  await client.send(new CreateAutoScalingGroupCommand(input));
  await eventually(["i-1 Pending:Wait", "i-2 Pending:Wait", "i-3 Pending:Wait"]);

  expect((await instances()).map((one) => one.AvailabilityZone).sort()).toEqual(["us-east-1a", "us-east-1a", "us-east-1b"]);
  expect(cloud.registered.size).toBe(0);
});

test("a completed hook brings the member into service and into the target group", async () => {
  await client.send(new CreateAutoScalingGroupCommand(input));
  await eventually(["i-1 Pending:Wait", "i-2 Pending:Wait", "i-3 Pending:Wait"]);
  await complete("i-2", "ready");

  await eventually(["i-1 Pending:Wait", "i-2 InService", "i-3 Pending:Wait"]);
  expect([...cloud.registered]).toEqual(["i-2"]);
  const { Activities } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "shop" }));
  expect(Activities?.map((one) => one.StatusCode).sort()).toEqual(["InProgress", "InProgress", "Successful"]);
});

test("a sick member stays until its replacement serves, then drains, waits in its hook and goes", async () => {
  await serving();
  cloud.log.length = 0;
  await client.send(new SetInstanceHealthCommand({ InstanceId: "i-2", HealthStatus: "Unhealthy" }));
  await eventually(["i-1 InService", "i-2 InService", "i-3 InService", "i-4 Pending:Wait"]);
  expect(cloud.log).toEqual([]);

  await complete("i-4", "ready");
  await eventually(["i-1 InService", "i-2 Terminating:Wait", "i-3 InService", "i-4 InService"]);
  expect(cloud.log).toEqual(["register i-4", "deregister i-2", "drained i-2"]);
  expect(service.targetLifecycleState("i-2")).toBe("Terminated");

  await complete("i-2", "drain");
  await eventually(["i-1 InService", "i-3 InService", "i-4 InService"]);
  expect(cloud.killed).toEqual(["i-2"]);
  expect((await instances()).find((one) => one.InstanceId === "i-4")?.AvailabilityZone).toBe("us-east-1b");
});

test("a dead member goes at once, without waiting for its hook", async () => {
  await serving();
  cloud.die("i-1");
  service.controller.wake();

  await eventually(["i-2 InService", "i-3 InService", "i-4 Pending:Wait"]);
  expect(cloud.killed).toEqual(["i-1"]);
});

test("an abandoned launch is cancelled, terminated and launched again later", async () => {
  await client.send(new CreateAutoScalingGroupCommand({ ...input, MinSize: 1 }));
  await eventually(["i-1 Pending:Wait"]);
  await complete("i-1", "ready", "ABANDON");

  await eventually([]);
  expect(cloud.launched).toEqual(["i-1"]);
  const { Activities } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "shop" }));
  expect(Activities?.map((one) => one.StatusCode)).toEqual(["Successful", "Cancelled"]);
});

test("a refused launch is a failed activity with the reason", async () => {
  cloud.refusals.push("launch template lt-1: has no version 1");
  await client.send(new CreateAutoScalingGroupCommand({ ...input, MinSize: 1 }));

  const activities = async () => (await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "shop" }))).Activities ?? [];
  while ((await activities())[0]?.StatusCode !== "Failed") await new Promise(setImmediate);
  expect((await activities()).map((one) => one.StatusMessage)).toEqual(["launch template lt-1: has no version 1"]);
});

test("a larger desired capacity launches, a smaller one terminates the oldest of the fuller zone", async () => {
  await serving();
  await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "shop", DesiredCapacity: 4 }));
  await eventually(["i-1 InService", "i-2 InService", "i-3 InService", "i-4 Pending:Wait"]);
  await complete("i-4", "ready");
  await client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "shop", MinSize: 1, DesiredCapacity: 3 }));

  await eventually(["i-1 Terminating:Wait", "i-2 InService", "i-3 InService", "i-4 InService"]);
});

test("deleting a group with members is refused, and by force ends them all", async () => {
  await serving();
  await expect(client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "shop" }))).rejects.toMatchObject({
    name: expect.stringMatching(/^ResourceInUse/),
  });

  await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "shop", ForceDelete: true }));
  await eventually([]);
  expect([...cloud.killed].sort()).toEqual(["i-1", "i-2", "i-3"]);
  const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({}));
  expect(AutoScalingGroups).toEqual([]);
});

test("no instance outlives a group that is deleted while it launches", async () => {
  let booted = (): void => undefined;
  cloud.booting = new Promise((resolve) => (booted = resolve));
  await client.send(new CreateAutoScalingGroupCommand({ ...input, MinSize: 1 }));
  while (cloud.launched.length === 0) await new Promise(setImmediate);
  await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "shop", ForceDelete: true }));
  booted();

  const deadline = performance.now() + LIMIT_MS;
  while (cloud.killed.length === 0 && performance.now() < deadline) await new Promise(setImmediate);
  expect(cloud.killed).toEqual(["i-1"]);
  expect((await client.send(new DescribeAutoScalingInstancesCommand({}))).AutoScalingInstances).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["a second group of the same name", async () => serving().then(() => client.send(new CreateAutoScalingGroupCommand(input))), "AlreadyExists"],
  ["a minimum above the maximum", () => client.send(new CreateAutoScalingGroupCommand({ ...input, MinSize: 7 })), "ValidationError"],
  ["a desired capacity above the maximum", () => client.send(new CreateAutoScalingGroupCommand({ ...input, DesiredCapacity: 7 })), "ValidationError"],
  [
    "a desired capacity of a group that is not",
    () => client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "none", DesiredCapacity: 1 })),
    "ValidationError",
  ],
  ["a hook that no instance waits in", async () => serving().then(() => complete("i-1", "ready")), "ValidationError"],
  [
    "an unknown instance",
    () => client.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: "i-none", ShouldDecrementDesiredCapacity: false })),
    "ValidationError",
  ],
  [
    "a maintenance policy wider than 100",
    () =>
      client.send(
        new CreateAutoScalingGroupCommand({ ...input, InstanceMaintenancePolicy: { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 } }),
      ),
    "ValidationError",
  ],
])("refuses %s", async (_, call, code) => {
  // The SDK names some of its error classes with a suffix: AlreadyExistsFault.
  await expect(call()).rejects.toMatchObject({ name: expect.stringMatching(new RegExp(`^${code}(Fault)?$`)) });
});
