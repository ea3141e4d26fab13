import { SessionGone } from "./errors";
import type { Entry, Memory, Question } from "./memory";
import type { Counters, Snapshot, Version } from "./model";
import { ttlOf } from "./snapshot";
import type { Found, Store } from "./store";
import type { StoreLink } from "./store-link";
import { descends, includes } from "./version";

/** A session as the store has it, or why it has none. */
export type Current = Snapshot | "missing" | "destroyed";

interface Fetching {
  now: Promise<Current>;
  next: Promise<Current> | undefined;
}

/** What the copies in memory and the store make of each other. Every question to the store about a session goes through here. */
export class Copies {
  readonly #fetches = new Map<string, Fetching>();

  constructor(
    private readonly memory: Memory,
    private readonly store: Store,
    private readonly link: StoreLink,
    private readonly counters: Counters,
  ) {}

  /** Not ended, confirmed since the link is up, and nothing newer was told of. */
  isCurrent(entry: Entry, now: number): boolean {
    return entry.generation === this.link.generation && entry.ahead === undefined && now < entry.snapshot.endsAt;
  }

  /** For a client that has seen `seen`, and never behind what the news told. */
  covers(entry: Entry, seen: Version): boolean {
    return entry.ahead === undefined && performance.now() < entry.snapshot.endsAt && includes(entry.snapshot, seen);
  }

  /**
   * Asks the store for the session. Those who ask while it is being asked share the next question: the one under way may have been answered before
   * they asked.
   */
  fetch(id: string): Promise<Current> {
    const running = this.#fetches.get(id);
    if (running === undefined) return this.#begin(id);
    running.next ??= running.now.then(
      () => this.#begin(id),
      () => this.#begin(id),
    );
    return running.next;
  }

  /** Pushes a copy that the store seems to have lost; the two are merged, and the result is the new copy. */
  async restore(copy: Snapshot): Promise<Current> {
    const { id } = copy;
    if (this.memory.isGone(copy)) return this.rebury(id);
    this.counters.refilled += 1;
    return this.#ask(id, copy, () => this.store.restore(copy));
  }

  /** Tells the store that a session was destroyed which it seems to have. */
  async rebury(id: string): Promise<Current> {
    const version = this.memory.gone.get(id);
    return version ? this.#ask(id, undefined, () => this.store.bury(id, version)) : "missing";
  }

  /** Puts back what a write found missing. @throws SessionGone when it cannot be had any more */
  async bringBack(base: Snapshot): Promise<void> {
    const copy = this.memory.get(base.id)?.snapshot;
    if (copy && copy !== base) await this.#giveBack(copy);
    if (copy === undefined || !descends(copy, base)) await this.#giveBack(base);
  }

  #begin(id: string): Promise<Current> {
    const fetching: Fetching = { now: this.#fetch(id), next: undefined };
    this.#fetches.set(id, fetching);
    const end = (): void => {
      if (this.#fetches.get(id) === fetching) this.#fetches.delete(id);
    };
    fetching.now.then(end, end);
    return fetching.now;
  }

  /** Names the copy, so that it need not be sent again. What the store has lost of it is given back. */
  async #fetch(id: string): Promise<Current> {
    this.counters.storeReads += 1;
    const asked = this.memory.get(id)?.snapshot;
    const current = await this.#ask(id, asked, () => this.store.read(id, asked?.version));
    if (current !== "missing") return current;
    const copy = this.memory.get(id)?.snapshot;
    if (copy && performance.now() < copy.endsAt) return this.restore(copy);
    this.memory.drop(id);
    return current;
  }

  async #giveBack(copy: Snapshot): Promise<void> {
    if (performance.now() >= copy.endsAt || typeof (await this.restore(copy)) === "string") throw new SessionGone();
  }

  /** An answer with a whole session. Of a copy that it does not contain, nothing is lost: the result has both. */
  async settle(question: Question, snapshot: Snapshot, generation: number, pushedAt: number): Promise<Current> {
    const lost = this.memory.settle(question, snapshot, generation, pushedAt);
    return lost ? this.restore(lost) : snapshot;
  }

  async #ask(id: string, asked: Snapshot | undefined, ask: () => Promise<Found>): Promise<Current> {
    const question = this.memory.ask(id);
    const generation = this.link.generation;
    try {
      return await this.#noted(question, id, generation, await ask(), asked);
    } finally {
      this.memory.leave(id, question);
    }
  }

  async #noted(question: Question, id: string, generation: number, found: Found, asked: Snapshot | undefined): Promise<Current> {
    switch (found.is) {
      case "missing":
        return "missing";
      case "destroyed": {
        const copy = this.memory.get(id)?.snapshot;
        if (this.memory.bury(id, found.version) || copy === undefined) return "destroyed";
        return performance.now() < copy.endsAt ? this.restore(copy) : "destroyed";
      }
      case "same":
        if (asked === undefined) return "missing";
        if (question.isDoubtful) {
          // Changed by hand, which leaves the version as it is.
          this.memory.drop(id);
          return this.#fetch(id);
        }
        return this.#settled(question, { ...asked, endsAt: found.endsAt, aside: this.#newerAside(asked, found) }, generation);
      case "whole":
        return this.#settled(question, found.snapshot, generation);
    }
  }

  /** Touches that the store was not told of have left an aside here that is newer than the store's. */
  #newerAside(asked: Snapshot, found: { aside: string; endsAt: number }): string {
    const usedAt = asked.endsAt - asked.lifetimeMs;
    const toldAt = found.endsAt - ttlOf(asked.lifetimeMs);
    return usedAt > toldAt ? asked.aside : found.aside;
  }

  async #settled(question: Question, snapshot: Snapshot, generation: number): Promise<Current> {
    if (this.memory.isGone(snapshot)) return this.rebury(snapshot.id);
    // The store's key ends a tenth of the lifetime after the session that was last told to it.
    return this.settle(question, snapshot, generation, snapshot.endsAt - ttlOf(snapshot.lifetimeMs));
  }
}
