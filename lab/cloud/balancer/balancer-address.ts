import { createHash } from "node:crypto";
import { nthAddress } from "../../machine/addresses";

/** Amazon's own addresses in us-east-1, where a load balancer's public ones come from. @see https://ip-ranges.amazonaws.com/ip-ranges.json */
const POOL = "3.208.0.0/12";
const POOL_SIZE = 2 ** 20;

/** The public address of a load balancer in a subnet: the same for all its life, and nobody else's. */
export function publicAddress(owner: string, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const place = createHash("sha256").update(`${owner} ${attempt}`).digest().readUInt32BE() % (POOL_SIZE - 2);
    const address = nthAddress(POOL, place + 1);
    if (!taken.has(address)) return address;
  }
}
