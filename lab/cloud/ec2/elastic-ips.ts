import { nthAddress } from "../../machine/addresses";
import type { Call } from "../endpoint/recognise";

/** A documentation range: nobody's addresses. moto's own are of 127.0.0.0/8, which no packet can carry. @see https://www.rfc-editor.org/rfc/rfc5737 */
const POOL = "198.51.100.0/24";

/** Gives each new Elastic IP an address that the lab can route. */
export class ElasticIps {
  #next = 10;

  /** AllocateAddress takes a wanted address, as for addresses one brings along. */
  readonly rewrite = (call: Call): Readonly<Record<string, string>> => {
    if (call.service !== "ec2" || call.action !== "AllocateAddress" || call.params.Address) return {};
    const address = nthAddress(POOL, this.#next);
    this.#next += 1;
    return { Address: address };
  };
}
