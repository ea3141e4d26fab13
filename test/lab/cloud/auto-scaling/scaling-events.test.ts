import * as sdk from "@aws-sdk/client-auto-scaling";
import { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";
import { FakeCloud } from "./fake-cloud";
import { input, serve } from "./serve";

let cloud: FakeCloud;
let client: sdk.AutoScalingClient;
let close: () => Promise<void>;

beforeEach(async () => {
  cloud = new FakeCloud();
  ({ client, close } = await serve(
    new AutoScaling(cloud, (error) => {
      throw error;
    }),
  ));
});

afterEach(() => close());

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

const create = async (hooks: sdk.LifecycleHookSpecification[]): Promise<void> => {
  const one = { ...input, MinSize: 0, MaxSize: 1, DesiredCapacity: 1, LifecycleHookSpecificationList: hooks };
  await client.send(new sdk.CreateAutoScalingGroupCommand(one));
  await settled();
};

const types = (): string[] => cloud.events.map(({ detailType }) => detailType);

const ready: sdk.LifecycleHookSpecification = {
  LifecycleHookName: "ready",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  NotificationMetadata: "release",
};
const drain: sdk.LifecycleHookSpecification = { LifecycleHookName: "drain", LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING" };

const complete = async (LifecycleHookName: string, LifecycleActionResult: string): Promise<void> => {
  const { LifecycleActionToken } = cloud.events.at(-1)?.detail as { LifecycleActionToken: string };
  await client.send(
    new sdk.CompleteLifecycleActionCommand({ AutoScalingGroupName: "shop", LifecycleHookName, LifecycleActionToken, LifecycleActionResult }),
  );
  await settled();
};

test("a launch and a termination say what happens to the instance, with the tokens of their hooks", async () => {
  await create([ready, drain]);
  expect(cloud.events).toEqual([
    {
      source: "aws.autoscaling",
      detailType: "EC2 Instance-launch Lifecycle Action",
      resources: [expect.stringMatching(/^arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:.*:autoScalingGroupName\/shop$/)],
      detail: {
        LifecycleActionToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
        AutoScalingGroupName: "shop",
        LifecycleHookName: "ready",
        EC2InstanceId: "i-1",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        NotificationMetadata: "release",
        Origin: "EC2",
        Destination: "AutoScalingGroup",
      },
    },
  ]);
  await complete("ready", "CONTINUE");
  expect(cloud.events.at(-1)).toMatchObject({
    detailType: "EC2 Instance Launch Successful",
    resources: [expect.any(String), "arn:aws:ec2:us-east-1:123456789012:instance/i-1"],
    detail: {
      StatusCode: "InProgress",
      AutoScalingGroupName: "shop",
      EC2InstanceId: "i-1",
      Description: "Launching a new EC2 instance: i-1",
      Details: { "Availability Zone": "us-east-1a", "Subnet ID": "subnet-a" },
      Origin: "EC2",
      Destination: "AutoScalingGroup",
    },
  });
  await client.send(new sdk.SetDesiredCapacityCommand({ AutoScalingGroupName: "shop", DesiredCapacity: 0 }));
  await settled();
  expect(cloud.events.at(-1)).toMatchObject({
    detailType: "EC2 Instance-terminate Lifecycle Action",
    detail: {
      LifecycleHookName: "drain",
      EC2InstanceId: "i-1",
      LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
      Origin: "AutoScalingGroup",
      Destination: "EC2",
    },
  });
  await complete("drain", "CONTINUE");
  expect(types().slice(3)).toEqual(["EC2 Instance Terminate Successful"]);
  expect(cloud.killed).toEqual(["i-1"]);
});

test("an instance that comes back from standby is not said to be launched again", async () => {
  await create([]);
  const instance = { AutoScalingGroupName: "shop", InstanceIds: ["i-1"] };
  await client.send(new sdk.EnterStandbyCommand({ ...instance, ShouldDecrementDesiredCapacity: true }));
  await settled();
  await client.send(new sdk.ExitStandbyCommand(instance));
  await settled();
  expect(types()).toEqual(["EC2 Instance Launch Successful"]);
});

test("a launch that fails, or is abandoned, is said to be unsuccessful", async () => {
  cloud.refusals.push("no capacity");
  await create([ready]);
  expect(cloud.events).toMatchObject([
    {
      detailType: "EC2 Instance Launch Unsuccessful",
      resources: [expect.any(String)],
      detail: { StatusCode: "Failed", StatusMessage: "no capacity", EC2InstanceId: "" },
    },
  ]);
  await client.send(new sdk.UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "shop" }));
  await settled();
  await complete("ready", "ABANDON");
  expect(types()).toEqual([
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance-launch Lifecycle Action",
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Terminate Successful",
  ]);
});
