import type { AddressInfo } from "node:net";
import { nodeEntrySchema } from "../../../contract/registry";
import { healthReportSchema } from "../../../contract/health";
import { serveAgent } from "../../../node/agent/http-interface";
import { NodeStatus } from "../../../node/agent/node-status";
import { parseStatus } from "../../../node/agent/units";
import { retried, until } from "../../../node/agent/wait";

const identity = { id: "i-1", zone: "us-east-1a", ip: "10.0.0.4" };

describe("the agent's HTTP interface", () => {
  test.each([
    ["healthy", 200],
    ["suspect", 200],
    ["starting", 503],
    ["quarantined", 503],
    ["verifying", 503],
  ] as const)("answers for a %s node with %i", async (state, code) => {
    const status = new NodeStatus(identity, "a".repeat(64));
    status.health = { state, reasons: ["a reason"], trouble: null };
    const server = await serveAgent(status, { handle: (_, response) => void response.end("sessions") }, 0);
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const health = await fetch(`${base}/.nplus1/health`);
    expect(health.status).toBe(code);
    expect(healthReportSchema.parse(await health.json()).state).toBe(state);
    expect((await fetch(`${base}/.nplus1/agent`)).status).toBe(200);
    expect((await fetch(`${base}/.nplus1/other`)).status).toBe(404);
    expect((await fetch(`${base}/.nplus1/health`, { method: "POST" })).status).toBe(405);
    expect(await (await fetch(`${base}/sessions/x`, { method: "PUT", body: "{}" })).text()).toBe("sessions");
    expect((await fetch(`${base}/sessionsx`)).status).toBe(404);
    server.closeAllConnections();
    server.close();
  });
});

test("an entry of the registry is what the contract says", () => {
  const entry = new NodeStatus(identity, "a".repeat(64)).entry(12, new Date("2026-11-24T09:00:00Z"));
  expect(nodeEntrySchema.parse(entry)).toEqual({
    ...identity,
    release: "a".repeat(64),
    state: "starting",
    inFlight: 0,
    settingsVersion: null,
    lastBackup: null,
    pids: { agent: 12, gate: null, app: null },
    trouble: null,
    at: "2026-11-24T09:00:00.000Z",
  });
});

test.each([
  ["ActiveState=active\nMainPID=42\n", { active: true, pid: 42 }],
  ["MainPID=42\nActiveState=reloading\n", { active: true, pid: 42 }],
  ["ActiveState=activating\nMainPID=0\n", { active: true, pid: undefined }],
  ["ActiveState=failed\nMainPID=0\n", { active: false, pid: undefined }],
  ["ActiveState=inactive\nMainPID=0\n", { active: false, pid: undefined }],
  ["", { active: false, pid: undefined }],
])("systemctl's %j means %j", (shown, status) => {
  expect(parseStatus(shown)).toEqual(status);
});

describe("waiting", () => {
  test("ends when it is reached, or at its limit", async () => {
    let asked = 0;
    expect(await until({ limitMs: 1000, pollMs: 1 }, () => ++asked === 3)).toBe(true);
    expect(asked).toBe(3);
    expect(await until({ limitMs: 10, pollMs: 1 }, () => false)).toBe(false);
  });

  test("does not try again after what is final", async () => {
    let tried = 0;
    const args = { what: "x", limitMs: 1000, pollMs: 1 };
    const failing = retried(
      args,
      () => true,
      async () => {
        tried += 1;
        throw new Error("final");
      },
    );
    await expect(failing).rejects.toThrow(/^final$/);
    expect(tried).toBe(1);
  });
});
