import type { RunningInstances } from "../running-instances";
import type { SessionStoreController } from "../session-store/session-store-controller";
import type { Fault } from "./fault";
import type { NodeProcesses } from "./node-processes";

export interface FaultParts {
  instances: Pick<RunningInstances, "get">;
  sessionStores: Pick<SessionStoreController, "enis" | "securityGroups" | "failPrimaries">;
  processes: Pick<NodeProcesses, "signal" | "signalIfRuns">;
  /** Has the Node.js application behind an open inspector in a network namespace do something to itself. */
  spoilApp: (netns: string, how: Extract<Fault, { kind: "spoil-app" }>["how"]) => Promise<unknown>;
  /** Cuts addresses of a VPC off from everything else, and ends that. */
  silence: (vpcId: string, addresses: readonly string[]) => Promise<void>;
  endSilence: (vpcId: string) => Promise<void>;
  onFailure: (error: unknown) => void;
}

/** A fault that lasts: one at a time. */
interface Lasting {
  kind: Fault["kind"];
  end: () => Promise<void>;
  timer: NodeJS.Timeout;
}

/** Breaks the lab on purpose. What lasts ends at its time, at the latest. */
export class Faults {
  #lasting: Lasting | undefined;

  constructor(private readonly parts: FaultParts) {}

  /** Resolves when the fault is there. @throws when there is nothing to break. */
  async inject(fault: Fault): Promise<void> {
    if (this.#lasting && "seconds" in fault) {
      throw new Error(`${fault.kind}: must be the only fault that lasts, there is ${this.#lasting.kind} already`);
    }
    switch (fault.kind) {
      case "kill-node":
        return this.#node(fault.node).machine.kill();
      case "signal":
        return this.parts.processes.signal(fault.node, fault.unit, fault.signal);
      case "flapping-app":
        return this.#flap(fault);
      case "spoil-app":
        await this.parts.processes.signal(fault.node, "app", "SIGUSR1");
        await this.parts.spoilApp(fault.node, fault.how);
        return;
      case "node-away":
        return this.#silence(fault, [this.#node(fault.node).address]);
      case "kill-store-primary":
        return this.parts.sessionStores.failPrimaries();
      case "store-away":
        return this.#silence(fault, this.#storeAddresses());
    }
  }

  /** Ends every fault that lasts; harmless when there is none. */
  async end(): Promise<void> {
    const lasting = this.#lasting;
    if (!lasting) return;
    clearTimeout(lasting.timer);
    await lasting.end();
    this.#lasting = undefined;
  }

  #node(id: string) {
    const running = this.parts.instances.get(id);
    if (!running?.machine) throw new Error(`node: must be one that runs, got ${id}`);
    return { machine: running.machine, address: running.launched.privateIp };
  }

  #storeAddresses(): string[] {
    const addresses = this.parts.sessionStores.enis().map(({ privateIp }) => privateIp);
    if (addresses.length === 0) throw new Error("store-away: there is no session store");
    return addresses;
  }

  #lasts({ kind, seconds }: Extract<Fault, { seconds: number }>, end: () => Promise<void>): void {
    const timer = setTimeout(() => void this.end().catch(this.parts.onFailure), seconds * 1000);
    this.#lasting = { kind, end, timer };
  }

  /** Nodes and the store share a VPC. */
  async #silence(fault: Extract<Fault, { seconds: number }>, addresses: readonly string[]): Promise<void> {
    const vpcIds = [...new Set(this.parts.sessionStores.securityGroups().map(({ vpcId }) => vpcId))];
    this.#lasts(fault, async () => void (await Promise.all(vpcIds.map((vpcId) => this.parts.endSilence(vpcId)))));
    for (const vpcId of vpcIds) await this.parts.silence(vpcId, addresses);
  }

  /** Once at once, so that it is known to run. */
  async #flap(fault: Extract<Fault, { kind: "flapping-app" }>): Promise<void> {
    const { processes, onFailure } = this.parts;
    await processes.signal(fault.node, "app", "SIGKILL");
    const killAgain = (): void => void processes.signalIfRuns(fault.node, "app", "SIGKILL").catch(onFailure);
    const killing = setInterval(killAgain, fault.everySeconds * 1000);
    this.#lasts(fault, async () => clearInterval(killing));
  }
}
