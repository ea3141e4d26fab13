import pino from "pino";
import { type Application, applicationSchema } from "../../../contract/application";
import type { NodeEntry } from "../../../contract/registry";
import { NodeStatus } from "../../../node/agent/node-status";
import type { Parts } from "../../../node/agent/parts";
import type { Units } from "../../../node/agent/units";
import type { GateCommand, GateStatus } from "../../../node/gate/gate-socket";

export const RELEASE = "a".repeat(64);
export const application: Application = applicationSchema.parse({ name: "shop", start: "node server.js" });

/** A node in memory: what the agent did to it, in order, and what it finds there. */
export class FakeNode {
  readonly did: string[] = [];
  readonly said: string[] = [];
  readonly entries: NodeEntry[] = [];
  probeFault: string | undefined;
  targetState = "InService";
  launched = false;
  gate: GateStatus = { mode: "open", inFlight: 0, held: 0, admitted: 0 };
  /** How often the group is not waiting yet. */
  hooksNotYet = 0;
  installFault: (() => Error | undefined) | undefined;
  active = new Map([
    ["nplus1-app.service", process.pid],
    ["nplus1-gate.service", process.pid],
  ]);

  readonly units: Units = {
    status: async (unit) => ({ active: this.active.has(unit), pid: this.active.get(unit) }),
    start: async (unit) => void this.did.push(`start ${unit}`),
    stop: async (unit) => {
      this.did.push(`stop ${unit}`);
      this.active.delete(unit);
    },
    reload: async (unit) => void this.did.push(`reload ${unit}`),
    reread: async () => void this.did.push("reread"),
  };

  parts(): Parts {
    return {
      status: new NodeStatus({ id: "i-1", zone: "us-east-1a", ip: "10.0.0.4" }, RELEASE),
      units: this.units,
      gate: { tell: (command) => this.tell(command) },
      hooks: {
        complete: async (hook, result) => {
          this.hooksNotYet -= 1;
          if (this.hooksNotYet >= 0) return false;
          this.did.push(`${hook} ${result}`);
          return true;
        },
      },
      registry: { renew: async (entry) => void this.entries.push(entry) },
      log: pino({ enabled: false }),
      timing: {
        watchMs: 5,
        renewMs: 5,
        startLimitMs: 100,
        fetchLimitMs: 50,
        lifecyclePollMs: 5,
        quietMs: 40,
        drainLimitMs: 300,
        hookLimitMs: 500,
      },
      policy: { failuresToQuarantine: 3, passesToServe: 2 },
      install: async () => {
        const fault = this.installFault?.();
        if (fault !== undefined) throw fault;
        this.did.push("install");
        return application;
      },
      releaseInPlace: async () => true,
      probe: async () => this.probeFault,
      lastOutput: async () => "Error: no database | at start",
      targetLifecycleState: async () => this.targetState,
      launched: {
        read: async () => this.launched,
        write: async () => {
          this.launched = true;
        },
      },
      say: (line) => void this.said.push(line),
    };
  }

  private async tell(command: GateCommand): Promise<GateStatus> {
    if (command !== "status") {
      this.did.push(`gate ${command}`);
      this.gate = { ...this.gate, mode: command };
    }
    return this.gate;
  }
}
