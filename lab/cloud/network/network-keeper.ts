import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EniState, NetworkState } from "../../machine/network-state";
import { describeNetwork } from "./describe-network";
import { networkState } from "./network-state";

/** Makes the machine's network match what EC2 says; calls that come while it works are served by one more look. */
export class NetworkKeeper {
  #working: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly ec2: EC2Client,
    private readonly machine: { applyNetwork(state: NetworkState): Promise<void> },
    private readonly enis: () => EniState[],
  ) {}

  /** Resolves when a look that began after this call is applied. */
  readonly apply = (): Promise<void> => {
    this.#next ??= this.#working
      .catch(() => undefined)
      .then(async () => {
        this.#next = undefined;
        const described = await describeNetwork(this.ec2);
        await this.machine.applyNetwork(networkState(described, this.enis()));
      });
    this.#working = this.#next;
    return this.#next;
  };
}
