import { setTimeout as delay } from "node:timers/promises";
import { Cluster } from "./cluster";
import { type Findings, runLoad } from "./load";
import type { Proxy } from "./proxy";

const CHECKS = 10_000;
/** In milliseconds. What others wrote is seen within the lease, and a bit: the time of a request that began before. */
const LEASE_MS = 500;
/** A client whose node cannot hear the others sees its own writes all the same. */
const CUT_OFF = Number.POSITIVE_INFINITY;

let cluster: Cluster;
const resting = new Set<number>();
const nodes = () => cluster.nodes.filter((_, index) => !resting.has(index));

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 4, options: { storeTimeoutMs: 10_000 } });
}, 30_000);
afterAll(() => cluster.stop());

async function check(name: string, stalenessMs: number, faults?: () => Promise<void>): Promise<Findings> {
  const findings = await runLoad(name, { nodes, browsers: 8, checks: CHECKS, ...(faults ? { faults } : {}) }, stalenessMs);
  if (process.env["TELL"]) process.stdout.write(`${name} ${JSON.stringify(findings)}\n`);
  expect(findings.wrong).toEqual([]);
  expect(findings.checks).toBeGreaterThanOrEqual(CHECKS);
  return findings;
}

const eachInTurn = (times: number, ms: number, fault: (wire: Proxy) => void, mend?: (wire: Proxy) => void) => async (): Promise<void> => {
  for (let index = 0; index < times; index += 1) {
    const wire = cluster.wires[index % 3] as Proxy;
    fault(wire);
    await delay(ms);
    mend?.(wire);
  }
};

test("a client that moves from node to node sees what it wrote, and soon what others wrote", () => check("moves", LEASE_MS), 60_000);

test("a node whose connection is closed again and again serves nothing stale", () => {
  return check(
    "killed",
    LEASE_MS,
    eachInTurn(60, 50, (wire) => wire.kill()),
  );
}, 60_000);

test("a node whose connection is left half-open serves nothing stale", () => {
  return check(
    "half-open",
    CUT_OFF,
    eachInTurn(4, 1500, (wire) => wire.leaveHalfOpen()),
  );
}, 60_000);

test("a node that is black-holed serves nothing stale", () => {
  const cut = eachInTurn(
    4,
    1500,
    (wire) => wire.blackHole(true),
    (wire) => wire.blackHole(false),
  );
  return check("black-hole", CUT_OFF, cut);
}, 60_000);
