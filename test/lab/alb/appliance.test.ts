import { Agent } from "node:http";
import type { Target } from "../../../lab/alb/desired-state";
import { AlbUnderTest, freePort, get } from "./alb-under-test";
import { BackendServer } from "./backend-server";
import { desired, GROUP, listener, targetGroup } from "./desired";

let alb: AlbUnderTest;
let port: number;
let nodes: BackendServer[];

const target = (node: BackendServer, draining = false): Target => ({ id: node.id, ip: "127.0.0.1", port: node.port, draining });
const state = (targets: Target[], group = {}, balancer = {}) =>
  desired({ listeners: [listener({ port })], targetGroups: [targetGroup({ targets, ...group })], ...balancer });

beforeEach(async () => {
  alb = new AlbUnderTest();
  port = await freePort();
  nodes = await Promise.all(["i-a", "i-b", "i-c"].map((id) => BackendServer.start(id)));
});

afterEach(async () => {
  alb.stop();
  await Promise.all(nodes.map((node) => node.stop()));
});

const allHealthy = async (targets: Target[], group = {}) => {
  await alb.apply(state(targets, group));
  expect(alb.reports.filter((report) => report.kind === "refused")).toEqual([]);
  for (const { id } of targets) await alb.untilState(id, "healthy");
};

test("a request for each target reaches each target once", async () => {
  await allHealthy(nodes.map((node) => target(node)));

  for (const _ of nodes) await get(port, "/");

  expect(nodes.map((node) => node.served)).toEqual([1, 1, 1]);
});

test("a new target is healthy after one passed check, and gets no request before", async () => {
  const [node] = nodes as [BackendServer];
  node.health = 0;
  await alb.apply(
    state([target(node)], { healthCheck: { ...targetGroup().healthCheck, healthyThreshold: 10, timeoutSeconds: 0.2, unhealthyThreshold: 10 } }),
  );
  expect(alb.health("i-a")?.state).toBe("initial");
  const early = await get(port, "/");

  node.health = 200;
  await alb.untilState("i-a", "healthy");

  expect(early).toMatchObject({ status: 503, headers: { server: "awselb/2.0", "content-type": "text/html" } });
  expect(early.body).toContain("<h1>503 Service Temporarily Unavailable</h1>");
  expect(node.checks).toBeLessThan(10);
  expect(await get(port, "/")).toMatchObject({ status: 200, body: "i-a /" });
});

test("an unhealthy target gets no requests until it has passed its threshold of checks", async () => {
  const [a] = nodes as [BackendServer];
  await allHealthy(nodes.map((node) => target(node)));

  a.health = 500;
  await alb.untilState("i-a", "unhealthy");
  const served = a.served;
  for (let index = 0; index < 6; index += 1) await get(port, "/");

  expect(a.served).toBe(served);
  expect(alb.health("i-a")).toEqual({
    id: "i-a",
    port: a.port,
    state: "unhealthy",
    reason: "Target.ResponseCodeMismatch",
    description: "Health checks failed with these codes: [500]",
  });
  a.health = 200;
  await alb.untilState("i-a", "healthy");
});

test("a check without an answer is a timeout, a refused one a failed check", async () => {
  const [a, b] = nodes as [BackendServer, BackendServer];
  await allHealthy([target(a), target(b)], { healthCheck: { ...targetGroup().healthCheck, timeoutSeconds: 0.1 } });

  a.health = 0;
  await b.stop();
  await alb.untilState("i-a", "unhealthy");
  await alb.untilState("i-b", "unhealthy");

  expect(alb.health("i-a")).toMatchObject({ reason: "Target.Timeout" });
  expect(alb.health("i-b")).toMatchObject({ reason: "Target.FailedHealthChecks" });
});

test("when all targets are unhealthy, all get requests", async () => {
  await allHealthy(nodes.map((node) => target(node)));

  for (const node of nodes) node.health = 503;
  for (const node of nodes) await alb.untilState(node.id, "unhealthy");
  for (const _ of nodes) await get(port, "/");

  expect(nodes.map((node) => node.served)).toEqual([1, 1, 1]);
});

test("a draining target finishes what it has and gets nothing new", async () => {
  const [a, b] = nodes as [BackendServer, BackendServer];
  await allHealthy([target(a)]);
  const slow = get(port, "/slow/400");
  await alb.until("the slow request to arrive", () => a.served === 1);

  await alb.apply(state([target(a, true), target(b)]));
  await alb.untilState("i-b", "healthy");
  for (let index = 0; index < 4; index += 1) expect((await get(port, "/")).body).toBe("i-b /");

  expect(alb.health("i-a")).toMatchObject({ state: "draining", reason: "Target.DeregistrationInProgress" });
  expect(await slow).toMatchObject({ status: 200, body: "i-a /slow/400" });
});

test("the end of the deregistration delay cuts what a target still holds", async () => {
  const [a] = nodes as [BackendServer];
  await allHealthy([target(a)]);
  const slow = get(port, "/slow/5000").then(
    ({ status }) => status,
    () => "cut",
  );
  await alb.until("the slow request to arrive", () => a.served === 1);

  await alb.apply(state([target(a, true)]));
  await alb.apply(state([]));

  expect(await slow).not.toBe(200);
});

test("no request fails while targets come and go and the configuration is reloaded", async () => {
  const [a, b, c] = nodes as [BackendServer, BackendServer, BackendServer];
  await allHealthy([target(a), target(b)]);
  let running = true;
  let done = 0;
  const failures: string[] = [];
  const client = async (agent: Agent | false) => {
    while (running) {
      const answer = await get(port, "/", {}, agent).catch((error: Error) => ({ status: error.message }));
      done += 1;
      if (answer.status !== 200) failures.push(String(answer.status));
    }
  };
  const agents = [1, 2, 3, 4].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const clients = [...agents, false as const, false as const].map((agent) => client(agent));

  for (let round = 0; round < 3; round += 1) {
    await alb.apply(state([target(a), target(b), target(c)]));
    await alb.untilState("i-c", "healthy");
    await alb.apply(state([target(a, true), target(b), target(c)]));
    await alb.apply(state([target(b), target(c)], {}, { attributes: { ...desired().attributes, idleTimeoutSeconds: 61 + round } }));
    await alb.apply(state([target(a), target(b), target(c, true)]));
    await alb.untilState("i-a", "healthy");
    await alb.apply(state([target(a), target(b)]));
  }
  running = false;
  await Promise.all(clients);
  for (const agent of agents) agent.destroy();

  expect(failures).toEqual([]);
  expect(done).toBeGreaterThan(200);
}, 30_000);

test("a state that HAProxy refuses is reported, and the one before goes on serving", async () => {
  await allHealthy([target(nodes[0] as BackendServer)]);
  const bad = state([target(nodes[0] as BackendServer)]);

  await alb.apply({ ...bad, generation: 2, listeners: [...bad.listeners, listener({ port, protocol: "HTTPS" })] });

  expect(alb.reports.at(-1)).toMatchObject({ kind: "refused", generation: 2 });
  expect((await get(port, "/")).body).toBe("i-a /");
});

test("a target that closes without an answer is 502", async () => {
  await allHealthy([target(nodes[0] as BackendServer)]);

  expect(await get(port, "/die")).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
});

test("a target that refuses the connection is 502, one that is too slow 504", async () => {
  const [a] = nodes as [BackendServer];
  await alb.apply(state([target(a)], {}, { attributes: { ...desired().attributes, idleTimeoutSeconds: 1 } }));
  await alb.untilState("i-a", "healthy");

  expect((await get(port, "/slow/3000")).status).toBe(504);
  await a.stop();
  expect((await get(port, "/")).status).toBe(502);
});

test("the target learns who asked, how, and under which trace", async () => {
  const [a] = nodes as [BackendServer];
  await allHealthy([target(a)]);

  await get(port, "/", { "X-Forwarded-For": "198.51.100.7" });

  expect(a.lastHeaders).toMatchObject({
    "x-forwarded-for": "198.51.100.7, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": String(port),
  });
  expect(a.lastHeaders["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  await get(port, "/", { "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678" });
  expect(a.lastHeaders["x-amzn-trace-id"]).toMatch(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678$/);
});

test("groups are told apart by rules, and a rule that moves to another group moves the next request", async () => {
  const [a, b] = nodes as [BackendServer, BackendServer];
  const other = `${GROUP}2`;
  const groups = [targetGroup({ targets: [target(a)] }), targetGroup({ arn: other, targets: [target(b)] })];
  const rules = (active: string) => [
    { conditions: [{ field: "path-pattern" as const, values: ["/*"] }], action: { type: "forward" as const, groups: [{ arn: active, weight: 1 }] } },
  ];
  const fixed = { type: "fixed-response" as const, status: 503, contentType: "text/plain", body: "no active release" };
  const first = desired({ listeners: [listener({ port, rules: rules(GROUP), defaultAction: fixed })], targetGroups: groups });
  await alb.apply(first);
  for (const id of ["i-a", "i-b"]) await alb.untilState(id, "healthy");
  expect((await get(port, "/x")).body).toBe("i-a /x");

  await alb.apply({ ...first, listeners: [listener({ port, rules: rules(other), defaultAction: fixed })] });

  expect((await get(port, "/x")).body).toBe("i-b /x");
});

describe("with lb_cookie stickiness", () => {
  const cookiesOf = (headers: Record<string, string | string[] | undefined>): string[] => [headers["set-cookie"] ?? []].flat();
  const cookieOf = (headers: Record<string, string | string[] | undefined>): string => cookiesOf(headers)[0]?.split(";")[0] ?? "";

  test("a client stays on its target, and each response renews the cookie", async () => {
    await allHealthy(
      nodes.map((node) => target(node)),
      { stickySeconds: 60 },
    );
    const first = await get(port, "/");
    const owner = first.headers["x-target"];

    const second = await get(port, "/", { Cookie: `theme=dark; ${cookieOf(first.headers)}` });
    const third = await get(port, "/", { Cookie: cookieOf(second.headers) });

    expect([second.headers["x-target"], third.headers["x-target"]]).toEqual([owner, owner]);
    expect(cookieOf(second.headers)).not.toBe(cookieOf(first.headers));
    expect(nodes.find(({ id }) => id === owner)?.lastHeaders.cookie).toBe(cookieOf(second.headers));
  });

  test("the cookie hides its target, lives seven days, and has a twin for cross-origin requests", async () => {
    await allHealthy([target(nodes[0] as BackendServer)], { stickySeconds: 60 });

    const [cookie, twin] = cookiesOf((await get(port, "/")).headers);

    expect(cookie).toMatch(/^AWSALB=[A-Za-z0-9+/]{75}=; Expires=\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT; Path=\/$/);
    expect(twin).toBe(`${cookie?.replace("AWSALB", "AWSALBCORS")}; SameSite=None`);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie ?? "")?.[1] ?? "");
    expect(Math.abs(expires - Date.now() - 7 * 86_400_000)).toBeLessThan(3000);
  });

  test("the twin alone holds the client too", async () => {
    await allHealthy(
      nodes.map((node) => target(node)),
      { stickySeconds: 60 },
    );
    const first = await get(port, "/");
    const twin = cookiesOf(first.headers)[1]?.split(";")[0] ?? "";

    for (const _ of nodes) expect((await get(port, "/", { Cookie: twin })).headers["x-target"]).toBe(first.headers["x-target"]);
  });

  test.each([
    ["not base64", () => "AWSALB=%%%"],
    ["too short", () => "AWSALB=AAAA"],
    ["changed by one character", (cookie: string) => cookie.replace(/.(.{10})$/, (all, rest: string) => (all.startsWith("A") ? "B" : "A") + rest)],
  ])("a cookie that is %s leads to a new target and a new cookie", async (_, change) => {
    const [a, b] = nodes as [BackendServer, BackendServer];
    await allHealthy([target(a), target(b)], { stickySeconds: 60 });
    const cookie = change(cookieOf((await get(port, "/")).headers));

    const answers = [await get(port, "/", { Cookie: cookie }), await get(port, "/", { Cookie: cookie })];

    expect(new Set(answers.map(({ headers }) => headers["x-target"]))).toEqual(new Set(["i-a", "i-b"]));
    expect(answers.map(({ headers }) => cookiesOf(headers).length)).toEqual([2, 2]);
  });

  test.each(["draining", "unhealthy"] as const)("a client of a target that becomes %s gets a new one and keeps that", async (fate) => {
    const [a, b] = nodes as [BackendServer, BackendServer];
    await allHealthy([target(a), target(b)], { stickySeconds: 60 });
    let answer = await get(port, "/");
    const owner = answer.headers["x-target"] === "i-a" ? a : b;
    const other = owner === a ? b : a;

    if (fate === "draining") await alb.apply(state([target(owner, true), target(other)], { stickySeconds: 60 }));
    else owner.health = 500;
    await alb.untilState(owner.id, fate);
    answer = await get(port, "/", { Cookie: cookieOf(answer.headers) });
    expect(answer.headers["x-target"]).toBe(other.id);

    owner.health = 200;
    await alb.apply(state([target(owner), target(other)], { stickySeconds: 60 }));
    await alb.untilState(owner.id, "healthy");
    for (const _ of nodes) expect((await get(port, "/", { Cookie: cookieOf(answer.headers) })).headers["x-target"]).toBe(other.id);
  });

  test("a cookie older than the duration is stale", async () => {
    const [a, b] = nodes as [BackendServer, BackendServer];
    await allHealthy([target(a), target(b)], { stickySeconds: 1 });
    const cookie = cookieOf((await get(port, "/")).headers);

    await new Promise((resolve) => setTimeout(resolve, 2100));
    const targets = [await get(port, "/", { Cookie: cookie }), await get(port, "/", { Cookie: cookie })].map(({ headers }) => headers["x-target"]);

    expect(new Set(targets)).toEqual(new Set(["i-a", "i-b"]));
  });

  test("the cookie outlives a reload", async () => {
    const targets = nodes.map((node) => target(node));
    await allHealthy(targets, { stickySeconds: 60 });
    const first = await get(port, "/");

    await alb.apply(state(targets, { stickySeconds: 61 }));

    for (const _ of nodes) expect((await get(port, "/", { Cookie: cookieOf(first.headers) })).headers["x-target"]).toBe(first.headers["x-target"]);
  });
});
