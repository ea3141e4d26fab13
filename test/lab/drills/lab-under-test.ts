import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";

export interface LabUnderTest {
  endpoint: string;
  nodes: { id: string; state: string }[];
  /** What was asked of the faults' path, in order. */
  faults: unknown[];
  onFault: (fault: unknown) => void;
  /** As the lab's buses keep them. */
  events: unknown[];
  close(): void;
}

/** The lab's own paths over nodes that the test makes up. */
export async function labUnderTest(ids: readonly string[]): Promise<LabUnderTest> {
  const root = mkdtempSync(join(tmpdir(), "nplus1-drill-"));
  mkdirSync(join(root, "etc/nplus1"), { recursive: true });
  writeFileSync(join(root, "etc/nplus1/node.json"), JSON.stringify({ sessions: { storeTimeoutMs: 2000 } }));
  const instance = { zone: "a", ip: "", release: null, lifecycleState: "InService", targetHealth: "healthy", inFlight: 0, settingsVersion: null };
  const rest = { lastBackup: null, pids: { agent: 1, gate: 1, app: 1 }, netns: "", root, hostPid: 1 };
  const paths: Record<string, () => unknown> = {
    "GET /_lab/status": () => ({
      cloudHostPid: 1,
      instances: lab.nodes.map((node) => ({ ...instance, ...rest, ...node })),
      sessionStore: null,
      outside: { netns: "", vendorUrl: "" },
    }),
    "GET /_lab/store": () => ["s-001", "s-002"].map((id) => ({ id, isPrimary: id === "s-001", isCurrent: true })),
    "GET /_lab/events": () => ({ events: lab.events }),
    "DELETE /_lab/faults": () => {
      lab.faults.push("end");
      return {};
    },
  };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const path = `${incoming.method ?? ""} ${incoming.url ?? ""}`;
      if (path !== "POST /_lab/faults") return outgoing.end(JSON.stringify(paths[path]?.()));
      const fault = await json(incoming);
      lab.faults.push(fault);
      lab.onFault(fault);
      return outgoing.end("{}");
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const lab: LabUnderTest = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nodes: ids.map((id) => ({ id, state: "healthy" })),
    faults: [],
    onFault: () => undefined,
    events: [],
    close() {
      server.close().closeAllConnections();
      rmSync(root, { recursive: true });
    },
  };
  return lab;
}
