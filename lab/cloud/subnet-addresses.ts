import { nthAddress, parseCidr } from "../machine/addresses";

/** AWS keeps the first four addresses of a subnet (and the last). @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const FIRST_FREE = 4;

/** Who has which address of which subnet. One owner has one address for as long as it is not released. */
export class SubnetAddresses {
  readonly #taken = new Map<string, Map<string, string>>();

  /** The owner's address in the subnet: the one it has, or the lowest free one. @throws when the subnet is full. */
  take(subnetId: string, cidr: string, owner: string): string {
    const taken = this.#taken.get(subnetId) ?? new Map<string, string>();
    this.#taken.set(subnetId, taken);
    const own = taken.get(owner);
    if (own) return own;
    const used = new Set(taken.values());
    const last = 2 ** (32 - parseCidr(cidr).prefix) - 2;
    for (let n = FIRST_FREE; n <= last; n += 1) {
      const address = nthAddress(cidr, n);
      if (used.has(address)) continue;
      taken.set(owner, address);
      return address;
    }
    throw new Error(`${subnetId}: must have a free address, got none in ${cidr}`);
  }

  release(owner: string): void {
    for (const taken of this.#taken.values()) taken.delete(owner);
  }
}
