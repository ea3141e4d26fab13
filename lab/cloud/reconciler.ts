import type { AutoScaling } from "./auto-scaling/auto-scaling";
import type { BalancerController } from "./balancer/balancer-controller";
import type { Call } from "./endpoint/recognise";
import type { NetworkKeeper } from "./network/network-keeper";

export interface ReconcilerParts {
  network: NetworkKeeper;
  balancers: BalancerController;
  autoScaling: AutoScaling;
  publishNames: () => void;
  onFailure: (error: unknown) => void;
}

/** After a call that changed something, makes what runs match what was asked for. The session stores follow their own calls by themselves. */
export class Reconciler {
  constructor(private readonly parts: ReconcilerParts) {}

  note(call: Call): void {
    this.#follow(call.service).catch(this.parts.onFailure);
  }

  async #follow(service: string): Promise<void> {
    const { network, balancers, autoScaling, publishNames } = this.parts;
    switch (service) {
      case "ec2":
        return network.apply();
      case "elasticloadbalancing":
        await balancers.reconcile();
        return publishNames();
      case "autoscaling":
        return autoScaling.controller.wake();
      default:
        return undefined;
    }
  }
}
