import { REGISTRY_RENEW_MS } from "../../contract/registry";
import { mayServe } from "../health/ladder-state";
import type { Peer } from "../registry/registry";
import type { Parts } from "./parts";

/** What the node says of itself to the others, each second and when it changes; and what it hears of them. */
export class Report {
  readonly #parts: Parts;
  #renewing: Promise<Peer[] | undefined> = Promise.resolve(undefined);
  /** As the gate knows them. */
  #met: string | undefined;
  #gatePid: number | undefined;
  /** The node is out with the budget's permission. */
  hasToken = false;
  /** Its application or its gate is gone: it serves nobody, whatever its state is called. */
  servesNobody = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What all nodes say now. Undefined when the store does not answer. */
  renew(): Promise<Peer[] | undefined> {
    // One after the other: what is said last must be the last.
    this.#renewing = this.#renewing.then(() => this.#renew());
    return this.#renewing;
  }

  async #renew(): Promise<Peer[] | undefined> {
    const { status, registry } = this.#parts;
    const [all] = await Promise.all([registry.renew(status.entry(process.pid, new Date())), this.#count()]);
    // While the store is away, the gate itself finds out which of those it knows are there.
    if (all !== undefined) await this.#meet(all);
    return all;
  }

  async #count(): Promise<void> {
    const { status, budget } = this.#parts;
    if (this.hasToken) return budget.keep();
    if (status.end === undefined && mayServe(status.health.state) && !this.servesNobody) return budget.serve();
    return budget.withdraw();
  }

  async #meet(all: readonly Peer[]): Promise<void> {
    const { status, gate, log } = this.#parts;
    const { id, ip } = status.identity;
    const peers = all.filter((peer) => peer.id !== id && peer.ip !== ip && peer.release === status.release && mayServe(peer.state));
    const addresses = peers.map((peer) => peer.ip);
    const isKnown = this.#met === addresses.join() && this.#gatePid === status.gatePid;
    if (isKnown || status.gatePid === undefined) return;
    try {
      await gate.meet(addresses);
      this.#met = addresses.join();
      this.#gatePid = status.gatePid;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "the gate could not be told of the other nodes");
    }
  }
}

/** An answer that takes longer than a renewal's period is none. */
export const STORE_ANSWER_MS = REGISTRY_RENEW_MS / 2;
