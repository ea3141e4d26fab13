import { AutoScalingClient, SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import { AWS_LIMITS } from "../aws-limits";

/** Asks the node's group to replace it: by the group's maintenance policy a new node is there before this one goes. */
export class GroupHealth {
  readonly #client: AutoScalingClient;
  readonly #instanceId: string;

  constructor(region: string, instanceId: string) {
    this.#client = new AutoScalingClient({ region, requestHandler: AWS_LIMITS });
    this.#instanceId = instanceId;
  }

  async reportUnhealthy(): Promise<void> {
    const unhealthy = { InstanceId: this.#instanceId, HealthStatus: "Unhealthy", ShouldRespectGracePeriod: false };
    await this.#client.send(new SetInstanceHealthCommand(unhealthy));
  }
}
