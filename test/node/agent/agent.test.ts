import { setTimeout as pause } from "node:timers/promises";
import { live } from "../../../node/agent/agent";
import { Refused } from "../../../node/release/refused";
import { FakeNode } from "./fakes";

describe("a node's life", () => {
  let node: FakeNode;
  let stop: AbortController;

  beforeEach(() => {
    node = new FakeNode();
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await pause(20);
  });

  const begin = () => {
    const parts = node.parts();
    return { parts, life: live(parts, stop.signal) };
  };

  async function reached(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 2000;
    while (!is()) {
      if (Date.now() > deadline) throw new Error(`waited 2000 ms for ${what}: ${JSON.stringify(node.did)}`);
      await pause(2);
    }
  }

  test("joins when it is healthy, and says so to its group once the group waits", async () => {
    node.hooksNotYet = 3;
    const { parts } = begin();
    await reached("the node to join", () => node.launched);
    expect(node.did).toEqual(["install", "ready CONTINUE"]);
    expect(parts.status.report()).toEqual({ node: "i-1", release: "a".repeat(64), state: "healthy", reasons: [] });
  });

  test("is in the registry from the first moment", async () => {
    node.gate.inFlight = 2;
    begin();
    await reached("an entry of the healthy node", () => node.entries.at(-1)?.state === "healthy" && node.entries.at(-1)?.inFlight === 2);
    expect(node.entries[0]).toMatchObject({ id: "i-1", zone: "us-east-1a", ip: "10.0.0.4", state: "starting", inFlight: 0 });
    expect(node.entries.at(-1)?.pids).toEqual({ agent: process.pid, gate: process.pid, app: process.pid });
  });

  test("refuses a release whose application never gets healthy, with its last words", async () => {
    node.fault = { cause: "wrong-answer", reason: "the health path /health answered 500" };
    const { parts } = begin();
    await reached("the refusal", () => node.did.includes("ready ABANDON"));
    expect(node.said).toEqual([
      "release refused: not healthy within 0.1 s (the health path /health answered 500); last output: Error: no database | at start",
    ]);
    node.fault = undefined;
    await pause(30);
    expect(parts.status.report()).toMatchObject({ state: "failed", reasons: [node.said[0]] });
    expect(node.did).not.toContain("ready CONTINUE");
  });

  test("refuses a wrong release at once", async () => {
    node.installFault = () => new Refused("nplus1.yaml: must be in the release");
    begin();
    await reached("the refusal", () => node.did.includes("ready ABANDON"));
    expect(node.said).toEqual(["release refused: nplus1.yaml: must be in the release"]);
  });

  test("tries again when a fetch fails, and refuses at the limit", async () => {
    let tries = 0;
    node.installFault = () => {
      tries += 1;
      return new Error("connect ETIMEDOUT");
    };
    begin();
    await reached("the refusal", () => node.said.length > 0);
    expect(node.said).toEqual(["release refused: waited 50 ms for the release to be installed: connect ETIMEDOUT"]);
    expect(tries).toBe(2);
  });

  test("a restarted agent adopts the node without touching its hooks", async () => {
    node.launched = true;
    node.fault = {};
    const { parts } = begin();
    await pause(150);
    node.fault = undefined;
    await reached("health", () => parts.status.report().state === "healthy");
    expect(node.did).toEqual(["install"]);
    expect(node.said).toEqual([]);
  });

  test("fails when a restarted agent of a joined node cannot install, so that systemd starts it again", async () => {
    node.launched = true;
    node.installFault = () => new Error("disk full");
    await expect(begin().life).rejects.toThrow("waited 50 ms for the release to be installed: disk full");
    expect(node.did).toEqual([]);
  });

  test("leaves: serves until it is quiet, refuses, stops the application, completes its hook", async () => {
    const { parts, life } = begin();
    await reached("the node to join", () => node.launched);
    node.targetState = "Terminated";
    await reached("draining", () => parts.status.report().state === "draining");
    for (let i = 0; i < 10; i += 1) {
      node.gate = { ...node.gate, admitted: node.gate.admitted + 1 };
      await pause(10);
    }
    expect(node.did).toEqual(["install", "ready CONTINUE"]);
    await life;
    expect(node.did.slice(2)).toEqual(["gate refuse", "stop nplus1-app.service", "give back", "drain CONTINUE"]);
  });

  test("leaves at the limit when requests never end", async () => {
    const { life } = begin();
    await reached("the node to join", () => node.launched);
    node.gate = { ...node.gate, inFlight: 1 };
    node.targetState = "Terminated";
    await life;
    expect(node.did.slice(2)).toEqual(["gate refuse", "stop nplus1-app.service", "give back", "drain CONTINUE"]);
  });

  test("leaves while it is still starting", async () => {
    node.fault = {};
    const { life } = begin();
    await pause(20);
    node.targetState = "Terminated";
    await life;
    expect(node.did).toEqual(["install", "gate refuse", "stop nplus1-app.service", "give back", "drain CONTINUE"]);
    expect(node.said).toEqual([]);
  });

  test("an agent that is restarted while its node leaves starts nothing", async () => {
    node.targetState = "Terminated";
    await begin().life;
    expect(node.did).toEqual(["gate refuse", "stop nplus1-app.service", "give back", "drain CONTINUE"]);
  });
});
