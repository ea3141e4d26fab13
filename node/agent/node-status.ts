import type { HealthReport } from "../../contract/health";
import type { NodeEntry, NodeState } from "../../contract/registry";
import type { Identity } from "../identity/imds";

export interface Health {
  state: NodeState;
  /** Each a sentence; empty when nothing is wrong. */
  reasons: string[];
  trouble: NodeEntry["trouble"];
}

export const BEFORE_FIRST_LOOK: Health = { state: "starting", reasons: ["not verified yet"], trouble: null };

/** What the agent knows of its node now. The watch writes it; the HTTP interface, the registry and the life cycle read it. */
export class NodeStatus {
  readonly identity: Identity;
  readonly release: string;
  health: Health = BEFORE_FIRST_LOOK;
  /** Set once, for good: the node is on its way out, or its release was refused. */
  end: { state: "draining" | "failed"; reason: string } | undefined;
  inFlight = 0;
  gatePid: number | undefined;
  appPid: number | undefined;

  constructor(identity: Identity, release: string) {
    this.identity = identity;
    this.release = release;
  }

  report(): HealthReport {
    const { state, reasons } = this.end === undefined ? this.health : { state: this.end.state, reasons: [this.end.reason] };
    return { node: this.identity.id, release: this.release, state, reasons };
  }

  entry(agentPid: number, at: Date): NodeEntry {
    return {
      ...this.identity,
      release: this.release,
      state: this.report().state,
      inFlight: this.inFlight,
      settingsVersion: null,
      lastBackup: null,
      pids: { agent: agentPid, gate: this.gatePid ?? null, app: this.appPid ?? null },
      trouble: this.end === undefined ? this.health.trouble : null,
      at: at.toISOString(),
    };
  }
}
