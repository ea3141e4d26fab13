import { drillReportSchema } from "../../../contract/drill";
import { Cluster } from "../../../lab/drills/cluster";
import { runDrill } from "../../../lab/drills/run-drill";
import { type LabUnderTest, labUnderTest } from "./lab-under-test";
import { type CartsServer, cartsServer } from "./load/carts-server";

let lab: LabUnderTest;
let shop: CartsServer;

beforeEach(async () => {
  lab = await labUnderTest(["i-1", "i-2", "i-3"]);
  shop = await cartsServer();
});
afterEach(() => {
  lab.close();
  shop.close();
});

const replaced = (node: string) => {
  const about = { id: "1", at: new Date().toISOString(), source: "nplus1.node", event: "replaced", node };
  return { source: "nplus1.node", detail: { ...about, reason: "gone", cause: null, dependency: null, details: {} } };
};

const surroundings = (signal: AbortSignal, say: (progress: string) => void = () => undefined) => ({
  cluster: new Cluster(lab.endpoint, 2),
  url: shop.url,
  say,
  signal,
});

test("a drill breaks one thing under load, waits until the cluster is whole again, and reports what was lost", async () => {
  lab.onFault = () => {
    shop.carts.clear();
    lab.events = [{ source: "aws.ec2", detail: {} }, replaced("i-1")];
    lab.nodes = [
      { id: "i-2", state: "healthy" },
      { id: "i-3", state: "healthy" },
      { id: "i-4", state: "starting" },
    ];
    setTimeout(() => lab.nodes[2] && (lab.nodes[2].state = "healthy"), 500);
  };
  const report = await runDrill("kill-node", 1, surroundings(new AbortController().signal));
  expect(drillReportSchema.parse(report)).toEqual(report);
  // Every answer of this shop is node i-1's.
  expect(lab.faults).toEqual([{ kind: "kill-node", node: "i-1" }, "end"]);
  expect(report).toMatchObject({ drill: "kill-node", did: "killed i-1 with 40 clients", failed: 0, sessionsBefore: 40, sessionsLost: 40 });
  expect(report.repairs).toEqual(["after 0.0 s i-1 replaced: gone"]);
  expect(report.recoveredMs).toBeGreaterThan(450);
  expect(report.recoveredMs).toBeLessThan(2000);
  expect(report.broken[0]).toBe("40 of 40 sessions were lost");
  expect(report.requests).toBeGreaterThan(800);
}, 30_000);

test("a drill that is told to end mends what it broke", async () => {
  const told = new AbortController();
  lab.onFault = () => told.abort(new Error("interrupted"));
  await expect(runDrill("store-away", 60, surroundings(told.signal))).rejects.toThrow("aborted");
  expect(lab.faults).toEqual([{ kind: "store-away", seconds: 65 }, "end"]);
}, 30_000);

test("a drill on another application ends before anything is broken", async () => {
  shop.instead = () => 404;
  await expect(runDrill("kill-store-primary", 1, surroundings(new AbortController().signal))).rejects.toThrow("must be the example shop");
  expect(lab.faults).toEqual([]);
});
