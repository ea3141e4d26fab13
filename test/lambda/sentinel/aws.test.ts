import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { clusterEventSchema } from "../../../contract/events";
import { viewGroup } from "../../../lambda/sentinel/group";
import { hands } from "../../../lambda/sentinel/hands";
import { putMetrics } from "../../../lambda/sentinel/metrics";
import { teller } from "../../../lambda/sentinel/tell";

/** A client that writes down what it is asked. */
function client<Client>(answer: unknown): { client: Pick<Client & { send: unknown }, "send">; asked: { input: any; name: string }[] } {
  const asked: { input: any; name: string }[] = [];
  const send = async (command: { input: unknown; constructor: { name: string } }): Promise<unknown> => {
    asked.push({ input: command.input, name: command.constructor.name });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as never, asked };
}

test("only nodes in service are looked at: those that come, go, stand by or are being replaced are the group's", async () => {
  const instance = (InstanceId: string, LifecycleState: string, HealthStatus = "Healthy") => ({ InstanceId, LifecycleState, HealthStatus });
  const instances = [
    ...[instance("i-2", "InService"), instance("i-1", "InService"), instance("i-3", "InService", "Unhealthy")],
    ...[instance("i-4", "Pending:Wait"), instance("i-5", "Standby"), instance("i-6", "Terminating:Wait")],
  ];
  const groups = client<AutoScalingClient>({ AutoScalingGroups: [{ Instances: instances }] });
  const health = (Id: string, State: string) => ({ Target: { Id }, TargetHealth: { State } });
  const targets = client<ElasticLoadBalancingV2Client>({
    TargetHealthDescriptions: [health("i-1", "healthy"), health("i-2", "unhealthy"), health("i-6", "draining")],
  });
  expect(await viewGroup(groups.client, targets.client, { autoScalingGroup: "g", targetGroupArn: "t" })).toEqual({
    inService: ["i-1", "i-2"],
    healthyTargets: new Set(["i-1"]),
  });
});

test("fails when the group is gone, as after a release has taken over: no nodes and no fleet are not the same", async () => {
  const groups = client<AutoScalingClient>({ AutoScalingGroups: [] });
  const targets = client<ElasticLoadBalancingV2Client>({ TargetHealthDescriptions: [] });
  const asked = viewGroup(groups.client, targets.client, { autoScalingGroup: "g", targetGroupArn: "t" });
  await expect(asked).rejects.toThrow("g: the group is not there any more");
});

test("an agent is restarted by the stack's document, a node replaced without regard to its age", async () => {
  const ssm = client<SSMClient>({ Command: { CommandId: "c-1" } });
  const autoScaling = client<AutoScalingClient>({});
  const store = { takeToken: async (node: string, n: number) => ({ granted: node === "i-1", others: n }), keepRecord: async () => undefined };
  const config = { restartDocument: "restart-agent", n: 2 };
  const own = hands({ config, store, ssm: ssm.client, autoScaling: autoScaling.client, tell: async () => undefined });
  expect(await own.restartAgent("i-1")).toBe("c-1");
  await own.replace("i-1");
  expect(ssm.asked[0]?.input).toEqual({ DocumentName: "restart-agent", InstanceIds: ["i-1"], TimeoutSeconds: 30, Comment: "nplus1 sentinel" });
  expect(autoScaling.asked).toEqual([
    { name: "SetInstanceHealthCommand", input: { InstanceId: "i-1", HealthStatus: "Unhealthy", ShouldRespectGracePeriod: false } },
  ]);
  expect(await own.takeToken("i-1")).toEqual({ granted: true, others: 2 });
});

test("a minute's metrics are the worst of its looks", async () => {
  const cloudwatch = client<CloudWatchClient>({});
  const looks = [
    { serving: 3, quarantined: 0, commonCause: false },
    { serving: 1, quarantined: 2, commonCause: true },
    { serving: 2, quarantined: 1, commonCause: false },
  ];
  await putMetrics(cloudwatch.client, "prod", 2, looks);
  const { Namespace, MetricData } = cloudwatch.asked[0]?.input;
  expect(Namespace).toBe("nplus1/prod");
  expect(Object.fromEntries(MetricData.map((one: any) => [one.MetricName, one.Value]))).toEqual({
    NodesServing: 1,
    NodesWanted: 2,
    Quarantined: 2,
    CommonCause: 1,
  });
});

test("a minute without a look has no metrics, so that its alarm sees that nobody looks", async () => {
  const cloudwatch = client<CloudWatchClient>({});
  await putMetrics(cloudwatch.client, "prod", 2, []);
  expect(cloudwatch.asked).toEqual([]);
});

test("an event is told on the stack's bus and in the store, in the same words", async () => {
  const bus = client<EventBridgeClient>({ FailedEntryCount: 0 });
  const stream: unknown[] = [];
  const tell = teller({ tell: async (event) => void stream.push(event) }, bus.client, "prod", () => undefined);
  await tell({ event: "agent-restarted", node: "i-1", reason: "why", details: { command: "c-1" } });
  const [entry] = bus.asked[0]?.input.Entries;
  expect(entry).toMatchObject({ EventBusName: "nplus1-prod", Source: "nplus1.sentinel", DetailType: "agent-restarted" });
  expect(clusterEventSchema.parse(JSON.parse(entry.Detail))).toEqual(stream[0]);
});

test("a bus that is away does not keep an event from the store, and is logged", async () => {
  const bus = client<EventBridgeClient>(new Error("throttled"));
  const stream: unknown[] = [];
  const logged: object[] = [];
  await teller(
    { tell: async (event) => void stream.push(event) },
    bus.client,
    "prod",
    (line) => void logged.push(line),
  )({ event: "replaced", node: "i-1", reason: "why" });
  expect(stream).toHaveLength(1);
  expect(logged).toContainEqual(expect.objectContaining({ didNotReach: "bus", why: "throttled" }));
});
