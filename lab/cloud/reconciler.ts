import type { AutoScaling } from "./auto-scaling/auto-scaling";
import type { BalancerController } from "./balancer/balancer-controller";
import type { Alarms } from "./cloudwatch/alarms";
import type { Call } from "./endpoint/recognise";
import type { NetworkKeeper } from "./network/network-keeper";
import type { Serverless } from "./serverless";

export interface ReconcilerParts {
  network: NetworkKeeper;
  balancers: BalancerController;
  autoScaling: AutoScaling;
  alarms: Alarms;
  serverless: Pick<Serverless, "changed">;
  publishNames: () => void;
  onFailure: (error: unknown) => void;
}

/** After a call that changed something, makes what runs match what was asked for. The session stores follow their own calls by themselves. */
export class Reconciler {
  constructor(private readonly parts: ReconcilerParts) {}

  note(call: Call): void {
    this.#follow(call).catch(this.parts.onFailure);
  }

  async #follow({ service, action }: Call): Promise<void> {
    const { network, balancers, autoScaling, alarms, serverless, publishNames } = this.parts;
    switch (service) {
      case "ec2":
        return network.apply();
      case "elasticloadbalancing":
        await balancers.reconcile();
        return publishNames();
      case "autoscaling":
        return autoScaling.controller.wake();
      case "events":
        // Events leave the rules as they are.
        return action === "PutEvents" ? undefined : serverless.changed();
      case "scheduler":
        return serverless.changed();
      case "monitoring":
        return alarms.look(false);
      default:
        return undefined;
    }
  }
}
