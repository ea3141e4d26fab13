import type { Fault } from "./fault";
import type { SessionStoreController } from "../session-store/session-store-controller";
import type { RunningInstances } from "../running-instances";

export interface FaultParts {
  instances: Pick<RunningInstances, "get">;
  sessionStores: Pick<SessionStoreController, "enis" | "securityGroups" | "failPrimaries">;
  /** Cuts addresses of a VPC off from everything else, and ends that. */
  silence: (vpcId: string, addresses: readonly string[]) => Promise<void>;
  endSilence: (vpcId: string) => Promise<void>;
  onFailure: (error: unknown) => void;
}

/** Breaks the lab on purpose. What lasts ends at its time, at the latest. */
export class Faults {
  #storeAway: { vpcIds: string[]; timer: NodeJS.Timeout } | undefined;

  constructor(private readonly parts: FaultParts) {}

  /** Resolves when the fault is there. @throws when there is nothing to break. */
  async inject(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case "kill-node":
        return this.#killNode(fault.node);
      case "kill-store-primary":
        return this.parts.sessionStores.failPrimaries();
      case "store-away":
        return this.#takeStoreAway(fault.seconds);
    }
  }

  /** Ends every fault that lasts; harmless when there is none. */
  async end(): Promise<void> {
    const away = this.#storeAway;
    if (!away) return;
    clearTimeout(away.timer);
    await Promise.all(away.vpcIds.map((vpcId) => this.parts.endSilence(vpcId)));
    this.#storeAway = undefined;
  }

  async #killNode(id: string): Promise<void> {
    const instance = this.parts.instances.get(id)?.machine;
    if (!instance) throw new Error(`node: must be one that runs, got ${id}`);
    await instance.kill();
  }

  async #takeStoreAway(seconds: number): Promise<void> {
    if (this.#storeAway) throw new Error("store-away: the store is away already");
    const addresses = this.parts.sessionStores.enis().map(({ privateIp }) => privateIp);
    if (addresses.length === 0) throw new Error("store-away: there is no session store");
    const vpcIds = [...new Set(this.parts.sessionStores.securityGroups().map(({ vpcId }) => vpcId))];
    const timer = setTimeout(() => void this.end().catch(this.parts.onFailure), seconds * 1000);
    this.#storeAway = { vpcIds, timer };
    for (const vpcId of vpcIds) await this.parts.silence(vpcId, addresses);
  }
}
