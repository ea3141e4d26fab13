import { Activities } from "../../../../lab/cloud/auto-scaling/activities";
import { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";
import { FakeCloud } from "./fake-cloud";

/** How long a refused step waits before it is tried again, and some, in milliseconds. */
const AGAIN_MS = 1_100;

let cloud: FakeCloud;
let service: AutoScaling;
let failures: string[];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "queueMicrotask", "nextTick"], now: 1_000_000_000_000 });
  cloud = new FakeCloud();
  failures = [];
  service = new AutoScaling(cloud, (error) => failures.push(String(error)));
});

afterEach(() => jest.useRealTimers());

const LAUNCHING = { LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", HeartbeatTimeout: "60", DefaultResult: "ABANDON" };
const TERMINATING = { LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout: "60", DefaultResult: "CONTINUE" };

/** All that can happen now has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

async function ask(Action: string, params: Record<string, string> = {}): Promise<string> {
  const answer = await service.answers[Action]?.({ AutoScalingGroupName: "shop", ...params });
  await settled();
  if (answer?.status !== 200) throw new Error(answer?.body ?? `no answer to ${Action}`);
  return answer.body;
}

const create = (params: Record<string, string> = {}) =>
  ask("CreateAutoScalingGroup", {
    MinSize: "1",
    MaxSize: "4",
    VPCZoneIdentifier: "subnet-a",
    "LaunchTemplate.LaunchTemplateId": "lt-1",
    "TargetGroupARNs.member.1": "arn:target-group",
    ...params,
  });

/** Hooks by name, of one transition or the other. */
async function hooks(all: Record<string, Record<string, string>>): Promise<void> {
  await create({ MinSize: "0" });
  for (const [LifecycleHookName, params] of Object.entries(all)) await ask("PutLifecycleHook", { LifecycleHookName, ...params });
  await ask("SetDesiredCapacity", { DesiredCapacity: "1" });
}

const complete = (LifecycleHookName: string, LifecycleActionResult = "CONTINUE") =>
  ask("CompleteLifecycleAction", { InstanceId: "i-1", LifecycleHookName, LifecycleActionResult });

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  service.controller.wake();
  await settled();
}

const states = (): string[] => [...service.controller.members.values()].map(({ id, state }) => `${id} ${state}`);

describe("what is refused", () => {
  test("a registration is asked for again, and told each time", async () => {
    const register = jest.spyOn(cloud, "register").mockRejectedValueOnce(new Error("throttled"));
    await create();
    expect([...cloud.registered]).toEqual([]);
    await pass(500);

    expect([...cloud.registered]).toEqual(["i-1"]);
    expect(register).toHaveBeenCalledTimes(2);
    expect(failures).toEqual(["Error: throttled"]);
  });

  test("a termination after the hook is tried again", async () => {
    await hooks({ drain: TERMINATING });
    await ask("TerminateInstanceInAutoScalingGroup", { InstanceId: "i-1" });
    jest.spyOn(cloud, "kill").mockRejectedValueOnce(new Error("busy"));
    await complete("drain");
    expect(states()[0]).toBe("i-1 Terminating:Proceed");
    await pass(AGAIN_MS);

    expect(cloud.killed).toEqual(["i-1"]);
    expect(failures).toEqual(["Error: busy"]);
  });

  test("launches that fail together wait five seconds, then ten", async () => {
    cloud.refusals.push("no", "no", "no", "no");
    await create({ MinSize: "2" });
    await pass(4_900);
    expect(cloud.refusals).toHaveLength(2);
    await pass(200);
    expect(cloud.refusals).toHaveLength(0);
    await pass(9_900);
    expect(cloud.launched).toEqual([]);
    await pass(200);
    expect(cloud.launched).toEqual(["i-1", "i-2"]);
  });
});

describe("what takes long", () => {
  test("a launch of one group holds up no other", async () => {
    cloud.booting = new Promise(() => undefined);
    await create();
    cloud.booting = Promise.resolve();
    await create({ AutoScalingGroupName: "other" });

    expect(states()).toEqual(["i-2 InService"]);
  });

  test("a group is in use while it launches", async () => {
    let booted = (): void => undefined;
    cloud.booting = new Promise((resolve) => (booted = resolve));
    await create();
    await expect(ask("DeleteAutoScalingGroup")).rejects.toThrow("ResourceInUse");

    await ask("DeleteAutoScalingGroup", { ForceDelete: "true" });
    expect(await ask("DescribeAutoScalingGroups")).toContain("<Status>Delete in progress</Status>");
    booted();
    await settled();
    expect(cloud.killed).toEqual(["i-1"]);
    expect(await ask("DescribeAutoScalingGroups")).not.toContain("<AutoScalingGroupName>");
  });

  test("a registration under way lands before the deregistration", async () => {
    let land = (): void => undefined;
    const register = cloud.register.bind(cloud);
    cloud.register = async (arn, id) => {
      await new Promise<void>((resolve) => (land = resolve));
      await register(arn, id);
    };
    await create({ MinSize: "0", DesiredCapacity: "1" });
    await ask("TerminateInstanceInAutoScalingGroup", { InstanceId: "i-1", ShouldDecrementDesiredCapacity: "true" });
    expect(cloud.log).toEqual([]);
    land();
    await settled();

    expect(cloud.log).toEqual(["register i-1", "deregister i-1", "drained i-1", "kill i-1"]);
  });
});

describe("hooks", () => {
  test("a launching member waits for all of its hooks", async () => {
    await hooks({ ready: LAUNCHING, warm: LAUNCHING });
    await complete("ready");
    expect(states()).toEqual(["i-1 Pending:Wait"]);
    await complete("warm");
    expect(states()).toEqual(["i-1 InService"]);
  });

  test("the first that abandons ends the launch, and the activity names why", async () => {
    await hooks({ ready: LAUNCHING, warm: LAUNCHING });
    const [wait] = service.controller.members.get("i-1")?.waits ?? [];
    await complete("ready", "ABANDON");

    expect(states()).toEqual([]);
    expect(await ask("DescribeScalingActivities")).toContain(
      `<StatusMessage>Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${wait?.token} was abandoned: Lifecycle Action Completed with ABANDON Result</StatusMessage>`,
    );
  });

  test("the default result counts when the time is over", async () => {
    await hooks({ ready: LAUNCHING });
    await pass(59_000);
    expect(states()).toEqual(["i-1 Pending:Wait"]);
    await pass(1_000);
    expect(states()).toEqual([]);
    expect(await ask("DescribeScalingActivities")).toContain("was abandoned: Heartbeat Timeout</StatusMessage>");
  });

  test("a heartbeat starts the time again", async () => {
    await hooks({ ready: LAUNCHING });
    await pass(50_000);
    await ask("RecordLifecycleActionHeartbeat", { LifecycleHookName: "ready", InstanceId: "i-1" });
    await pass(50_000);
    expect(states()).toEqual(["i-1 Pending:Wait"]);
  });

  test("no heartbeat holds a member beyond a hundred timeouts", async () => {
    await hooks({ ready: LAUNCHING });
    for (let beat = 0; beat < 119; beat += 1) {
      await ask("RecordLifecycleActionHeartbeat", { LifecycleHookName: "ready", InstanceId: "i-1" });
      jest.advanceTimersByTime(50_000);
    }
    await pass(50_000);
    expect(cloud.killed).toEqual(["i-1"]);
  });

  test("a deleted hook abandons who launches", async () => {
    await hooks({ ready: LAUNCHING });
    await ask("DeleteLifecycleHook", { LifecycleHookName: "ready" });
    expect(cloud.killed).toEqual(["i-1"]);
  });

  test("a member that dies in its terminating hook goes at once", async () => {
    await hooks({ drain: TERMINATING });
    await ask("TerminateInstanceInAutoScalingGroup", { InstanceId: "i-1" });
    expect(states()[0]).toBe("i-1 Terminating:Wait");
    cloud.die("i-1");
    await pass(0);
    expect(cloud.killed).toEqual(["i-1"]);
  });

  test("a group deleted by force waits for none", async () => {
    await hooks({ drain: TERMINATING });
    await ask("TerminateInstanceInAutoScalingGroup", { InstanceId: "i-1" });
    await ask("DeleteAutoScalingGroup", { ForceDelete: "true" });
    expect([...cloud.killed].sort()).toEqual(["i-1", "i-2"]);
    expect(service.controller.groups.size).toBe(0);
  });
});

describe("health", () => {
  test("an unhealthy target is replaced after the grace period, when the group asks the load balancer", async () => {
    await create({ HealthCheckType: "ELB", HealthCheckGracePeriod: "30" });
    cloud.unhealthyTargets.add("i-1");
    await pass(29_000);
    expect(states()).toEqual(["i-1 InService"]);
    await pass(1_000);
    expect(cloud.killed).toEqual(["i-1"]);
    expect(await ask("DescribeScalingActivities")).toContain("taken out of service in response to an ELB system health check failure.</Cause>");
  });

  test("the load balancer's word does not count in a group of type EC2", async () => {
    await create();
    cloud.unhealthyTargets.add("i-1");
    await pass(60_000);
    expect(states()).toEqual(["i-1 InService"]);
  });

  test("a user's word waits for the grace period unless told not to", async () => {
    await create({ HealthCheckGracePeriod: "30" });
    await ask("SetInstanceHealth", { InstanceId: "i-1", HealthStatus: "Unhealthy" });
    expect(states()).toEqual(["i-1 InService"]);
    await ask("SetInstanceHealth", { InstanceId: "i-1", HealthStatus: "Unhealthy", ShouldRespectGracePeriod: "false" });
    expect(cloud.killed).toEqual(["i-1"]);
  });

  test("a suspended HealthCheck sees nobody die", async () => {
    await create();
    await ask("SuspendProcesses", { "ScalingProcesses.member.1": "HealthCheck" });
    cloud.die("i-1");
    await pass(0);
    expect(states()).toEqual(["i-1 InService"]);
    await ask("ResumeProcesses");
    expect(states()).toEqual(["i-2 InService"]);
  });

  test("a suspended AddToLoadBalancer registers nobody until it is resumed", async () => {
    await create({ MinSize: "0" });
    await ask("SuspendProcesses", { "ScalingProcesses.member.1": "AddToLoadBalancer" });
    await ask("SetDesiredCapacity", { DesiredCapacity: "1" });
    expect([...states(), ...cloud.registered]).toEqual(["i-1 InService"]);
    await ask("ResumeProcesses", { "ScalingProcesses.member.1": "AddToLoadBalancer" });
    expect([...cloud.registered]).toEqual(["i-1"]);
  });
});

test("a group's activities are remembered, a hundred of them", () => {
  const activities = new Activities();
  for (let index = 0; index < 150; index += 1) activities.begin("shop", `number ${index}`, "a test");
  expect(activities.of("shop")).toHaveLength(100);
  expect(activities.of("shop")[0]?.description).toBe("number 149");
});
