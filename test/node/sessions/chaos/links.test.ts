import { setTimeout as delay } from "node:timers/promises";
import { ANY_TIME, any, Browsers, WITHIN_LEASE } from "./browsers";
import { Cluster } from "./cluster";
import type { Node } from "./node";
import type { Proxy } from "./proxy";

const CHECKS = 10_000;
const STOPPED_MS = 30_000;

let cluster: Cluster;
let sleeper: Node;
let awake: readonly Node[];
let stoppedAt = 0;
const sleepers = new Browsers("sleeper", 8);

/** One node is stopped while the others are tested, with copies of sessions that are modified meanwhile. */
beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 4, options: { storeTimeoutMs: 10_000 } });
  awake = cluster.nodes.slice(0, 3);
  sleeper = cluster.nodes[3] as Node;
  await sleepers.begin(() => sleeper);
  await sleepers.browse({ route: () => any(cluster.nodes), checks: 1000 });
  sleeper.signal("SIGSTOP");
  stoppedAt = performance.now();
}, 30_000);
afterAll(() => cluster.stop());

async function check(name: string, stalenessMs: number, faults?: () => Promise<void>): Promise<void> {
  const browsers = new Browsers(name, 8);
  await browsers.begin(() => any(awake));
  await browsers.browse({ route: () => any(awake), checks: CHECKS, ...(faults ? { faults } : {}) });
  expect(await browsers.verdict(stalenessMs, awake)).toEqual([]);
  expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
}

const eachInTurn = (times: number, ms: number, fault: (wire: Proxy) => void, mend?: (wire: Proxy) => void) => async (): Promise<void> => {
  for (let index = 0; index < times; index += 1) {
    const wire = cluster.wires[index % awake.length] as Proxy;
    fault(wire);
    await delay(ms);
    mend?.(wire);
  }
};

test("a client that moves from node to node sees what it wrote, and soon what others wrote", () => check("moves", WITHIN_LEASE), 60_000);

test("a node whose connection is closed again and again serves nothing stale", async () => {
  const close = eachInTurn(60, 50, (wire) => wire.kill());
  await check("closed", WITHIN_LEASE, close);
}, 60_000);

test("a node whose connection is left half-open serves nothing stale", async () => {
  const leave = eachInTurn(3, 1200, (wire) => wire.leaveHalfOpen());
  await check("half-open", ANY_TIME, leave);
}, 60_000);

test("a node that is black-holed serves nothing stale", async () => {
  const [swallow, mend] = [(wire: Proxy) => wire.blackHole(true), (wire: Proxy) => wire.blackHole(false)];
  await check("black-hole", ANY_TIME, eachInTurn(3, 1500, swallow, mend));
}, 60_000);

test("a node that may not serve on its own is not late with what others wrote, even black-holed", async () => {
  const strict = await Cluster.start({ nodes: 2, options: { storeTimeoutMs: 500, whenStoreAway: "refuse" } });
  try {
    const browsers = new Browsers("strict", 8);
    // What the other window wrote is known only through the store.
    const route = (_: number, window: number): Node => strict.nodes[window] as Node;
    await browsers.begin(() => route(0, 1));
    const faults = async (): Promise<void> => {
      await delay(300);
      strict.wires[0]?.blackHole(true);
      await delay(2000);
      strict.wires[0]?.blackHole(false);
      await strict.nodes[0]?.ask("read", "nobody", "");
    };
    await browsers.browse({ route, checks: CHECKS, faults });
    expect(browsers.figures.refusedReads).toBeGreaterThan(0);
    expect(await browsers.verdict(WITHIN_LEASE, strict.nodes)).toEqual([]);
    expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
  } finally {
    await strict.stop();
  }
}, 60_000);

test("a node with a slow connection serves nothing stale", async () => {
  const [slow, fast] = [(wire: Proxy) => wire.slowDown(20), (wire: Proxy) => wire.slowDown(0)];
  await check("slow", WITHIN_LEASE, eachInTurn(3, 500, slow, fast));
}, 60_000);

test("a node that was stopped for 30 s and goes on serves nothing stale", async () => {
  const untilThen = async (): Promise<void> => delay(Math.max(0, STOPPED_MS - (performance.now() - stoppedAt)));
  await sleepers.browse({ route: () => any(awake), checks: 0, faults: untilThen });
  expect(performance.now() - stoppedAt).toBeGreaterThanOrEqual(STOPPED_MS);
  sleeper.signal("SIGCONT");
  await sleepers.browse({ route: () => any(cluster.nodes), checks: CHECKS });
  expect(await sleepers.verdict(WITHIN_LEASE, cluster.nodes)).toEqual([]);
}, 90_000);
