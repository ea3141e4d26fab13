import type { Copies } from "./copies";
import { LinkLost, SessionError } from "./errors";
import type { Memory } from "./memory";
import type { StoreLink } from "./store-link";

/** Copies asked about at a time: enough to fill the connection, few enough that requests get through between them. */
const AT_A_TIME = 32;

type Told = (refused: SessionError) => void;

/** Gives back to a store that lost data what this process still has, the most recently used first. */
export class Refill {
  #run = 0;

  constructor(
    private readonly memory: Memory,
    private readonly copies: Copies,
    private readonly link: StoreLink,
    private readonly refused: Told,
  ) {}

  /** A later call ends an earlier one. Ends early when the link is lost: the next connection begins anew. */
  async begin(): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const work = [...this.#copies(), ...this.#tombstones()];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let one = work[next]; one !== undefined && run === this.#run; one = work[next]) {
        next += 1;
        await one().catch((error: unknown) => {
          // What the store refuses of one session says nothing of the others.
          if (!(error instanceof SessionError)) throw error;
          this.refused(error);
        });
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }

  #copies(): (() => Promise<unknown>)[] {
    const { memory, copies, link } = this;
    return memory.all().map(({ snapshot }) => async () => {
      const entry = memory.get(snapshot.id);
      if (performance.now() >= (entry?.snapshot ?? snapshot).endsAt) return;
      // It gave way to others since.
      if (entry === undefined) return copies.restore(snapshot);
      return entry.generation === link.generation ? undefined : copies.fetch(snapshot.id);
    });
  }

  #tombstones(): (() => Promise<unknown>)[] {
    return [...this.memory.gone.keys()].map((id) => () => this.copies.rebury(id));
  }
}
