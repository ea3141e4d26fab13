import { setTimeout as delay } from "node:timers/promises";
import { ANY_TIME, any, Browsers, WITHIN_LEASE } from "./browsers";
import { Cluster } from "./cluster";
import type { Node } from "./node";

const CHECKS = 10_000;
/** How long the store is away, in milliseconds. */
const AWAY_MS = Number(process.env["STORE_AWAY_MS"] ?? 4000);
const TIMEOUT_MS = 2000;
/** What is promised beyond it, and what a busy machine and the way to the node may add. */
const MARGIN_MS = 150 + 350;

let cluster: Cluster;
afterEach(() => cluster.stop());

/** Until a session can be written on each node. */
async function untilWritable(nodes: readonly Node[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.ask("create", `probe-${node.name}`, "k", "v")));
}

test("a store that is failed over twice loses nothing that a living node has", async () => {
  cluster = await Cluster.start({ nodes: 3, replica: true, options: { storeTimeoutMs: 10_000 } });
  const browsers = new Browsers("failover", 16);
  const route = (): Node => any(cluster.nodes);
  await browsers.begin(route);
  const faults = async (): Promise<void> => {
    for (const _ of [1, 2]) {
      await delay(500);
      await cluster.failOver();
      await untilWritable(cluster.nodes);
      await cluster.addReplica();
    }
  };
  // Two sums of one number cannot be made one again when the store has lost the order in which they were made.
  await browsers.browse({ route, checks: CHECKS, faults, adds: false });
  expect(await browsers.verdict(ANY_TIME, cluster.nodes)).toEqual([]);
  expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
}, 60_000);

test("a store whose primary dies together with all nodes has lost nothing when a replica had to have it", async () => {
  cluster = await Cluster.start({ nodes: 3, replica: true, options: { storeTimeoutMs: 10_000, durability: "replica" } });
  const browsers = new Browsers("durable", 16);
  let living: readonly Node[] = [...cluster.nodes];
  const route = (): Node => any(living);
  await browsers.begin(route);
  const faults = async (): Promise<void> => {
    await delay(500);
    cluster.lag(100);
    await delay(500);
    const dying = living;
    cluster.primary.signal("SIGKILL");
    for (const node of dying) node.signal("SIGKILL");
    await cluster.failOver();
    living = await Promise.all(dying.map(() => cluster.addNode()));
  };
  await browsers.browse({ route, checks: CHECKS, faults });
  expect(await browsers.verdict(WITHIN_LEASE, living)).toEqual([]);
  expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
}, 60_000);

test("a store that forgets everything again and again loses nothing that a living node has", async () => {
  cluster = await Cluster.start({ nodes: 3, options: { storeTimeoutMs: 10_000 } });
  const browsers = new Browsers("flush", 16);
  const route = (): Node => any(cluster.nodes);
  await browsers.begin(route);
  const faults = async (): Promise<void> => {
    for (let times = 0; times < 12; times += 1) {
      await cluster.command(cluster.primary, "FLUSHALL");
      await delay(250);
    }
  };
  await browsers.browse({ route, checks: CHECKS, faults });
  expect(await browsers.verdict(WITHIN_LEASE, cluster.nodes)).toEqual([]);
  expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
}, 60_000);

test("while the store is away, sessions are served from memory, and writes refused in time", async () => {
  cluster = await Cluster.start({ nodes: 3, options: { storeTimeoutMs: TIMEOUT_MS } });
  const browsers = new Browsers("away", 16);
  // A client keeps its node, as the load balancer's cookie has it.
  const route = (browser: number): Node => cluster.nodes[browser % cluster.nodes.length] as Node;
  await browsers.begin(route);
  await browsers.browse({ route, checks: 1000 });
  const faults = async (): Promise<void> => {
    cluster.primary.signal("SIGSTOP");
    await delay(AWAY_MS);
    cluster.primary.signal("SIGCONT");
    await untilWritable(cluster.nodes);
  };
  await browsers.browse({ route, checks: CHECKS, faults });
  const { figures } = browsers;
  expect(await browsers.verdict(ANY_TIME, cluster.nodes)).toEqual([]);
  expect(figures.refusedReads).toBe(0);
  expect(figures.refusedWrites).toBeGreaterThan(0);
  expect(figures.longestMs).toBeLessThan(TIMEOUT_MS + MARGIN_MS);
  expect(figures.checks).toBeGreaterThanOrEqual(CHECKS);
}, 60_000);

test("a node that is killed right after it acknowledged takes nothing with it", async () => {
  cluster = await Cluster.start({ nodes: 3, options: { storeTimeoutMs: 10_000 } });
  const browsers = new Browsers("killed", 16);
  let living: readonly Node[] = [...cluster.nodes];
  const route = (): Node => any(living);
  await browsers.begin(route);
  const faults = async (): Promise<void> => {
    for (let times = 0; times < 4; times += 1) {
      const dying = living[0] as Node;
      // The acknowledgement is the last thing it does.
      await dying.ask("create", `last-words-${times}`, "k", "v");
      dying.signal("SIGKILL");
      const born = await cluster.addNode();
      living = [...living.slice(1), born];
      expect((await born.ask("read", `last-words-${times}`, "")).values).toEqual({ k: "v" });
      await delay(200);
    }
  };
  await browsers.browse({ route, checks: CHECKS, faults });
  expect(await browsers.verdict(WITHIN_LEASE, living)).toEqual([]);
  expect(browsers.figures.checks).toBeGreaterThanOrEqual(CHECKS);
}, 60_000);
