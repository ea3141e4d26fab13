import type { AutoScaling } from "./auto-scaling/auto-scaling";
import type { BalancerController } from "./balancer/balancer-controller";
import type { Call } from "./endpoint/recognise";
import type { NetworkKeeper } from "./network/network-keeper";
import type { SessionStoreController } from "./session-store/session-store-controller";

export interface ReconcilerParts {
  network: NetworkKeeper;
  balancers: BalancerController;
  sessionStores: SessionStoreController;
  autoScaling: AutoScaling;
  setDns: (records: ReadonlyMap<string, readonly string[]>) => void;
  onFailure: (error: unknown) => void;
}

/** After a call that changed something, makes what runs match what was asked for. */
export class Reconciler {
  constructor(private readonly parts: ReconcilerParts) {
    parts.sessionStores.onChange(() => this.#publishNames());
  }

  note(call: Call): void {
    this.#follow(call.service).catch(this.parts.onFailure);
  }

  async #follow(service: string): Promise<void> {
    const { network, balancers, sessionStores, autoScaling } = this.parts;
    switch (service) {
      case "ec2":
        return network.apply();
      case "elasticloadbalancing":
        await balancers.reconcile();
        return this.#publishNames();
      case "elasticache":
        await sessionStores.reconcile();
        return this.#publishNames();
      case "autoscaling":
        return autoScaling.controller.wake();
      default:
        return undefined;
    }
  }

  #publishNames(): void {
    const { balancers, sessionStores, setDns } = this.parts;
    setDns(new Map([...balancers.dnsRecords(), ...sessionStores.dnsRecords()]));
  }
}
