import { setTimeout as pause } from "node:timers/promises";
import { live } from "../../../node/agent/agent";
import type { Peer } from "../../../node/registry/registry";
import { APP, FakeNode, NO_PROCESS, RELEASE } from "./fakes";

const peer = (id: string, over: Partial<Peer> = {}): Peer => ({
  id,
  ip: `10.0.0.${id.slice(2)}`,
  release: RELEASE,
  state: "healthy",
  trouble: null,
  ...over,
});

describe("an agent and its node's ladder", () => {
  let node: FakeNode;
  const stops: AbortController[] = [];

  /** An agent that is killed leaves what it began where it was. */
  const start = () => {
    const stop = new AbortController();
    stops.push(stop);
    const parts = node.parts();
    // A killed agent does nothing more.
    const gone = new Promise<never>(() => undefined);
    const { repair, gate, budget, ladderFile } = parts;
    const isKilled = () => stop.signal.aborted;
    void live(
      {
        ...parts,
        repair: {
          ...repair,
          diagnose: (...args) => (isKilled() ? gone : repair.diagnose(...args)),
          restartApp: (...args) => (isKilled() ? gone : repair.restartApp(...args)),
          reportUnhealthy: (...args) => (isKilled() ? gone : repair.reportUnhealthy(...args)),
        },
        gate: { meet: (peers) => gate.meet(peers), tell: (command) => (isKilled() ? gone : gate.tell(command)) },
        budget: { ...budget, take: () => (isKilled() ? gone : budget.take()), giveBack: () => (isKilled() ? gone : budget.giveBack()) },
        ladderFile: { read: () => ladderFile.read(), keep: (ladder) => void (isKilled() || ladderFile.keep(ladder)) },
      },
      stop.signal,
    );
    return { parts, kill: () => stop.abort() };
  };
  async function reached(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 3000;
    while (!is()) {
      if (Date.now() > deadline) throw new Error(`waited 3000 ms for ${what}: ${JSON.stringify([node.did, node.ladder])}`);
      await pause(2);
    }
  }

  beforeEach(async () => {
    node = new FakeNode();
    node.launched = true;
    node.active.set(APP, NO_PROCESS);
    node.others = [peer("i-2"), peer("i-3")];
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop.abort();
    await pause(30);
  });

  async function healthy() {
    const agent = start();
    await reached("health", () => agent.parts.status.report().state === "healthy" && node.serves === true);
    node.did.length = 0;
    node.told.length = 0;
    return agent;
  }

  test("a hang is steered around, diagnosed and mended, and everyone is told", async () => {
    const { parts } = await healthy();
    node.onAction = async (action) => void (action === "restart" && (node.fault = undefined));
    node.fault = {};
    await reached("health again", () => node.events().includes("healthy"));
    expect(node.did).toEqual(["take", "gate peers", "diagnose", "restart", "gate open", "give back"]);
    expect(node.events()).toEqual(["suspect", "quarantined", "diagnosed", "restarted", "healthy"]);
    expect(node.told[2]).toMatchObject({ cause: "no-answer", details: { diagnosis: "s3://backups/diagnoses/i-1/now.json" } });
    expect(parts.status.report()).toMatchObject({ state: "healthy", reasons: [] });
  });

  test("while it is out, the node does not serve, and says why to the others", async () => {
    await healthy();
    node.onAction = (action) => (action === "diagnose" ? new Promise(() => undefined) : Promise.resolve());
    node.fault = {};
    await reached("the diagnosis", () => node.did.includes("diagnose") && node.serves === "token");
    expect(node.entries.at(-1)).toMatchObject({ state: "quarantined", trouble: { cause: "no-answer", dependency: null } });
  });

  test("an application that ended is started without asking anyone", async () => {
    await healthy();
    node.active.delete(APP);
    await reached("health again", () => node.events().includes("healthy"));
    expect(node.did).toEqual(["diagnose", "restart"]);
  });

  test("while the store is away a hang stays in service, and a process that ended is started", async () => {
    await healthy();
    node.others = undefined;
    node.fault = {};
    await reached("the refusal", () => node.events().includes("budget-refused"));
    await pause(50);
    expect(node.did).toEqual([]);
    expect(node.told.at(-1)?.reason).toContain("the session store does not answer");
    node.fault = undefined;
    await reached("health", () => node.events().includes("healthy"));
    node.active.delete(APP);
    await reached("the restart", () => node.did.includes("restart"));
  });

  test("when others fall ill with it, nobody is taken out", async () => {
    await healthy();
    const trouble = { cause: "no-answer" as const, dependency: null, forMs: 100 };
    node.others = [peer("i-2", { state: "suspect", trouble }), peer("i-3", { state: "suspect", trouble })];
    node.fault = {};
    await reached("the common cause", () => node.events().includes("common-cause"));
    await pause(50);
    expect(node.did).toEqual([]);
    expect(node.told.at(-1)?.reason).toBe("3 of 3 nodes are ill at the same time (no-answer)");
  });

  test("the gate knows the nodes of the same release that may serve, also when it was started anew", async () => {
    await healthy();
    expect(node.met).toEqual(["10.0.0.2", "10.0.0.3"]);
    node.others = [peer("i-2", { state: "quarantined" }), peer("i-3"), peer("i-4", { release: "b".repeat(64) })];
    await reached("the change", () => node.met.length === 1);
    expect(node.met).toEqual(["10.0.0.3"]);
  });

  test("a gate that was started anew while its node is out is closed again", async () => {
    await healthy();
    node.onAction = async (action) => void (action === "restart" && (node.fault = { level: "bad" }));
    node.fault = {};
    await reached("the verification", () => node.events().includes("restarted"));
    node.gate = { ...node.gate, mode: "open" };
    await reached("the gate to be closed", () => node.gate.mode === "peers");
  });

  test("a gate that was left closed without a ladder opens once the node is well", async () => {
    node.gate = { ...node.gate, mode: "peers" };
    await healthy();
    await reached("the gate to be open", () => node.gate.mode === "open");
  });

  test("requests that were broken off are counted", async () => {
    await healthy();
    node.gate = { ...node.gate, brokenOff: 3 };
    await reached("the count", () => node.events().includes("requests-broken-off"));
    expect(node.told.at(-1)).toMatchObject({ details: { count: 3 } });
  });

  test("what does not get well is reported to its group, once", async () => {
    await healthy();
    node.fault = {};
    await reached("the replacement", () => node.events().includes("replaced"));
    await pause(50);
    expect(node.did.filter((what) => what === "restart")).toHaveLength(2);
    expect(node.did.filter((what) => what === "report unhealthy")).toHaveLength(1);
    expect(node.did.at(-1)).toBe("give back");
  });

  test.each(["take", "gate peers", "diagnose", "restart", "gate open", "give back"])(
    "killed during `%s`, the next agent brings the node to health",
    async (action) => {
      const first = await healthy();
      node.onAction = (what) => {
        if (what === "restart" && action !== "restart") node.fault = undefined;
        return what === action ? new Promise(() => undefined) : Promise.resolve();
      };
      node.fault = {};
      await reached(action, () => node.did.includes(action));
      first.kill();
      await pause(20);
      node.onAction = async (what) => void (what === "restart" && (node.fault = undefined));
      const second = start();
      await reached("health again", () => node.ladder?.step === "healthy" && node.serves === true);
      expect(second.parts.status.report()).toMatchObject({ state: "healthy", reasons: [] });
      expect(node.gate.mode).toBe("open");
      expect(node.ladder).toMatchObject({ hasToken: false, isGateClosed: false, busy: null });
      expect(node.events()).toContain("agent-restarted");
      expect(node.did.indexOf("diagnose")).toBeLessThan(node.did.indexOf("restart"));
    },
  );

  test("killed while it is healthy, the next agent leaves the node in service", async () => {
    const first = await healthy();
    first.kill();
    const second = start();
    await pause(0);
    expect(second.parts.status.report().state).toBe("healthy");
    await pause(30);
    expect(node.did).toEqual(["install"]);
  });

  test("killed during the report, the next agent reports again", async () => {
    const first = await healthy();
    node.onAction = (what) => (what === "report unhealthy" ? new Promise(() => undefined) : Promise.resolve());
    node.fault = {};
    await reached("the report", () => node.did.includes("report unhealthy"));
    first.kill();
    node.onAction = async () => undefined;
    start();
    await reached("the replacement", () => node.ladder?.step === "failed" && node.ladder.hasToken === false);
  });
});
