import {
  CreateRuleCommand,
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { freePort, get, until } from "../../alb/alb-under-test";
import { BackendServer } from "../../alb/backend-server";
import { BalancerUnderTest } from "./balancer-under-test";

const elb = new BalancerUnderTest();
let node: BackendServer;
let port: number;
let balancer: { arn: string; dnsName: string };
let listenerArn: string;
let shop: string;

const FIXED = {
  Type: "fixed-response" as const,
  FixedResponseConfig: { StatusCode: "503", ContentType: "text/plain", MessageBody: "no active release" },
};
const target = () => ({ Id: "127.0.0.1", Port: node.port });

beforeAll(async () => {
  await elb.start();
  node = await BackendServer.start("node");
  port = await freePort();
  balancer = await elb.balancer("door");
  shop = await elb.group("shop");
  listenerArn = await elb.listener(balancer.arn, port, FIXED);
  await elb.controller.reconcile();
}, 60_000);

afterAll(async () => {
  await elb.stop();
  await node.stop();
});

const answers = () =>
  until("the load balancer to answer", () =>
    get(port, "/").then(
      () => true,
      () => false,
    ),
  );
const untilState = (state: string) =>
  until(
    `the target to be ${state}`,
    () => elb.state(shop, "127.0.0.1") === state,
    () => String(elb.state(shop, "127.0.0.1")),
  );

test("a load balancer has one interface in each subnet, in a namespace of its own, and a name for its public addresses", async () => {
  const enis = elb.controller.enis();

  const netns = `alb-${balancer.arn.split("/").at(-1)?.slice(0, 8)}`;
  expect(enis.map(({ subnetId, privateIp }) => [subnetId, privateIp])).toEqual([
    [elb.subnetIds[0], "10.20.1.4"],
    [elb.subnetIds[1], "10.20.2.4"],
  ]);
  expect(new Set(enis.map((eni) => eni.netns))).toEqual(new Set([netns]));
  expect(elb.controller.dnsRecords()).toEqual(new Map([[balancer.dnsName, enis.map(({ publicIp }) => publicIp)]]));
  expect(new Set(enis.map(({ publicIp }) => publicIp)).size).toBe(2);
  expect(enis.every(({ publicIp }) => /^3\.(20[89]|21\d|22[0-3])\./.test(publicIp ?? ""))).toBe(true);
  expect(elb.spawned.map((one) => one.netns)).toEqual([netns]);
  await answers();
  expect(await get(port, "/")).toMatchObject({ status: 503, body: "no active release" });
});

test("a target of a group that no listener names is unused", async () => {
  await elb.elb.send(new RegisterTargetsCommand({ TargetGroupArn: shop, Targets: [target()] }));
  await elb.controller.reconcile();

  expect(elb.controller.targetHealth(shop)).toEqual([
    {
      Target: { Id: "127.0.0.1", Port: node.port },
      HealthCheckPort: String(node.port),
      TargetHealth: {
        State: "unused",
        Reason: "Target.NotInUse",
        Description: "Target group is not configured to receive traffic from the load balancer",
      },
    },
  ]);
});

test("a rule puts the group in use, its target becomes healthy, and requests that match reach it", async () => {
  const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/shop/*"] } }];
  await elb.elb.send(
    new CreateRuleCommand({ ListenerArn: listenerArn, Priority: 10, Conditions, Actions: [{ Type: "forward", TargetGroupArn: shop }] }),
  );
  await elb.controller.reconcile();
  await untilState("healthy");

  expect((await get(port, "/shop/1")).body).toBe("node /shop/1");
  expect((await get(port, "/other")).body).toBe("no active release");
});

test("DescribeTargetHealth is answered with what the appliance sees, and with who is not registered", async () => {
  const answer = await elb.controller.answers.DescribeTargetHealth?.({
    TargetGroupArn: shop,
    "Targets.member.1.Id": "127.0.0.1",
    "Targets.member.2.Id": "10.20.1.9",
  });

  expect(answer?.status).toBe(200);
  expect(answer?.body).toContain(`<Target><Id>127.0.0.1</Id><Port>${node.port}</Port></Target>`);
  expect(answer?.body).toContain("<State>healthy</State>");
  expect(answer?.body).toContain("<State>unused</State><Reason>Target.NotRegistered</Reason>");
});

test("fails when the group asked for does not exist", async () => {
  const answer = await elb.controller.answers.DescribeTargetHealth?.({ TargetGroupArn: `${shop}0` });

  expect(answer?.status).toBe(400);
  expect(answer?.body).toContain("<Code>TargetGroupNotFound</Code>");
});

test("a deregistered target drains for its delay and is gone then", async () => {
  const started = Date.now();
  await elb.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: shop, Targets: [target()] }));
  elb.controller.noteDeregistered(shop, [{ id: "127.0.0.1" }]);
  expect(elb.state(shop, "127.0.0.1")).toBe("draining");

  await elb.controller.waitDrained(shop, "127.0.0.1");

  expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
  expect(elb.controller.targetHealth(shop)).toEqual([]);
  expect((await get(port, "/shop/1")).status).toBe(503);
});

test("a target that was noted is not lost to a look at moto that began before", async () => {
  const look = elb.controller.reconcile();
  await new Promise((resolve) => setImmediate(resolve));
  elb.controller.noteRegistered(shop, [{ id: "127.0.0.1", port: node.port }]);

  await look;

  expect(elb.state(shop, "127.0.0.1")).not.toBe("draining");
  await elb.elb.send(new RegisterTargetsCommand({ TargetGroupArn: shop, Targets: [target()] }));
  await elb.controller.reconcile();
  await untilState("healthy");
});

test("a changed default action is served", async () => {
  await elb.elb.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: [{ Type: "forward", TargetGroupArn: shop }] }));
  await elb.controller.reconcile();

  await until("the new action", async () => (await get(port, "/")).body === "node /");
});

test("an appliance that dies is started again, and its targets' health is unknown meanwhile", async () => {
  process.kill(elb.spawned.at(-1)?.pid ?? 0, "SIGKILL");
  await until("the health to be unknown", () => elb.state(shop, "127.0.0.1") === "unhealthy");

  expect(elb.controller.targetHealth(shop)[0]?.TargetHealth?.Reason).toBe("Elb.InternalError");
  await untilState("healthy");
  expect((await get(port, "/")).body).toBe("node /");
});

test("a deleted load balancer leaves no process, no interface and no name", async () => {
  await elb.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: balancer.arn }));
  await elb.controller.reconcile();

  expect([elb.controller.enis(), elb.controller.dnsRecords()]).toEqual([[], new Map()]);
  await expect(get(port, "/")).rejects.toThrow("ECONNREFUSED");
  expect(elb.failures).toEqual([]);
});
