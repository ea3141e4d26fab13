import { StoreAway } from "./errors";
import type { Send } from "./store";

/** How long one question to the replicas may block the connection: less than the link's lease, so that reads from memory go on. In milliseconds. */
const WAIT_MS = 150;

interface Waiting {
  args: readonly string[];
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Commands whose answers count only once a replica has them. Those that arrive while one batch waits make the next: one WAIT for all of them.
 * While the primary has no replica at all (one has just been promoted) nothing can wait for it: the primary and this process hold the write.
 */
export class DurableSends {
  #waiting: Waiting[] = [];
  #isBusy = false;
  #hasReplica = true;
  /** Writes that no replica confirmed, since there was none. */
  unreplicated = 0;

  constructor(
    private readonly send: Send,
    private readonly limitMs: number,
  ) {}

  readonly sendDurably: Send = (args) =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ args, resolve, reject });
      if (!this.#isBusy) void this.#work();
    });

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) await this.#batch(this.#waiting.splice(0));
    this.#isBusy = false;
  }

  async #batch(batch: Waiting[]): Promise<void> {
    const sent = batch.map(({ args }) => this.send(args));
    const confirmed = this.#confirmed(batch.length).then(
      () => undefined,
      (error: unknown) => error,
    );
    const answers = await Promise.allSettled(sent);
    const failure = await confirmed;
    for (const [index, { resolve, reject }] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer.status === "rejected") reject(answer?.reason);
      else if (failure !== undefined) reject(failure);
      else resolve(answer.value);
    }
  }

  async #confirmed(writes: number): Promise<void> {
    const deadline = performance.now() + this.limitMs;
    for (;;) {
      // With no replica at all, a WAIT would block the connection until its limit.
      if (this.#hasReplica && Number(await this.send(["WAIT", "1", String(WAIT_MS)])) >= 1) return;
      const [, , replicas] = (await this.send(["ROLE"])) as [string, number, unknown[]];
      this.#hasReplica = replicas.length > 0;
      if (!this.#hasReplica) {
        this.unreplicated += writes;
        return;
      }
      if (performance.now() >= deadline) throw new StoreAway(this.limitMs, "no replica confirmed the modification");
    }
  }
}
