import { type LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";

/** Milliseconds: looked up this lately, a name is not looked up again. */
const FRESH_MS = 250;

/** The name of the primary, which leads to another server after a failover. */
export class PrimaryName {
  #checking: Promise<boolean> | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly host: string) {}

  /** Where it leads, one of the addresses after another. @throws when the resolver does not know */
  async address(attempt: number): Promise<string> {
    const addresses = await lookup(this.host, { all: true });
    return (addresses[attempt % addresses.length] as LookupAddress).address;
  }

  /** Whether it does not lead to this address any more. */
  leadsElsewhere(address: string): Promise<boolean> {
    if (performance.now() - this.#checkedAt < FRESH_MS) return Promise.resolve(false);
    this.#checking ??= this.#check(address);
    return this.#checking;
  }

  async #check(address: string): Promise<boolean> {
    // A resolver that is away says nothing of the store.
    const addresses = await lookup(this.host, { all: true }).catch(() => []);
    this.#checking = undefined;
    this.#checkedAt = performance.now();
    return addresses.length > 0 && !addresses.some((one) => one.address === address);
  }
}
