import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EniState, NetworkState, SecurityGroupState } from "../../machine/network-state";
import { describeNetwork } from "./describe-network";
import { type AddressIn, networkState } from "./network-state";

/** What stands in the networks besides what EC2 itself says. */
export interface Standing {
  enis(): EniState[];
  /** Groups that services make for themselves. */
  securityGroups(): { vpcId: string; securityGroup: SecurityGroupState }[];
}

/** Makes the machine's network match what EC2 says; calls that come while it works are served by one more look. */
export class NetworkKeeper {
  #working: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly ec2: EC2Client,
    private readonly machine: { applyNetwork(state: NetworkState): Promise<void> },
    private readonly addressIn: AddressIn,
    private readonly standing: Standing,
  ) {}

  /** Resolves when a look that began after this call is applied. */
  readonly apply = (): Promise<void> => {
    this.#next ??= this.#working
      .catch(() => undefined)
      .then(async () => {
        this.#next = undefined;
        const described = await describeNetwork(this.ec2);
        const own = this.standing.securityGroups();
        const { vpcs } = networkState(described, this.standing.enis(), this.addressIn);
        const whole = vpcs.map((vpc) => ({
          ...vpc,
          securityGroups: [...vpc.securityGroups, ...own.filter(({ vpcId }) => vpcId === vpc.id).map(({ securityGroup }) => securityGroup)],
        }));
        await this.machine.applyNetwork({ vpcs: whole });
      });
    this.#working = this.#next;
    return this.#next;
  };
}
