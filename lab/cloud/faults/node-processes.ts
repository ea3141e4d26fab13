import { ownPid } from "../../machine/host-pid";
import type { RunningInstances } from "../running-instances";

export type UnitName = "app" | "gate" | "agent";

/** What a node's processes can be told from outside. */
export class NodeProcesses {
  constructor(
    private readonly instances: Pick<RunningInstances, "units">,
    /** Sends a signal to a process by its id on the machine; false when it is gone. */
    private readonly send: (hostPid: number, signal: NodeJS.Signals) => boolean = sendSignal,
  ) {}

  /** Whether the unit's main process ran and was told. */
  async signalIfRuns(node: string, unit: UnitName, signal: NodeJS.Signals): Promise<boolean> {
    const hostPid = (await this.instances.units(node))[`nplus1-${unit}.service`]?.hostPid ?? null;
    return hostPid !== null && this.send(hostPid, signal);
  }

  /** @throws when it does not run */
  async signal(node: string, unit: UnitName, signal: NodeJS.Signals): Promise<void> {
    if (!(await this.signalIfRuns(node, unit, signal))) throw new Error(`${unit}: must run on ${node}, and does not`);
  }
}

function sendSignal(hostPid: number, signal: NodeJS.Signals): boolean {
  const pid = ownPid(hostPid);
  return pid !== undefined && process.kill(pid, signal);
}
