import { setTimeout as delay } from "node:timers/promises";
import type { Copies } from "./copies";
import { type Deadline, firstOf } from "./deadline";
import { SessionError } from "./errors";
import type { Memory } from "./memory";
import type { Counters, Snapshot, Version } from "./model";
import type { ReplicaReader } from "./replica-reader";
import type { StoreLink } from "./store-link";
import { includes } from "./version";

/** All in milliseconds. */
/** How long a copy that satisfies its client waits to be confirmed when the link shows no sign of life. */
const CONFIRM_MS = 150;
/** After a store lost data, nodes push back what they hold; until then what is missing may still come. */
const REFILL_MS = 5000;
const REFILL_POLL_MS = 20;

export interface ReaderParts {
  memory: Memory;
  copies: Copies;
  link: StoreLink;
  replica: ReplicaReader | undefined;
  counters: Counters;
  whenStoreAway: "serve" | "refuse";
  /** When the store was last found to have changed or lost data; performance.now(). */
  lostAt: () => number;
}

/** Reads for clients: from memory when that is safe, from the store when it is not. */
export class SessionReader {
  constructor(private readonly parts: ReaderParts) {}

  peek(id: string, seen: Version | undefined): Snapshot | undefined {
    if (seen === undefined) return undefined;
    const { memory, copies, link, counters } = this.parts;
    const entry = memory.get(id);
    if (entry === undefined) return undefined;
    const now = performance.now();
    if (!link.isLive(now) || !copies.isCurrent(entry, now) || !includes(entry.snapshot, seen)) return undefined;
    counters.servedFromMemory += 1;
    return entry.snapshot;
  }

  async read(id: string, seen: Version | undefined, deadline: Deadline): Promise<Snapshot | undefined> {
    const { link, counters } = this.parts;
    for (;;) {
      if (!link.isUp) {
        const served = await this.#withoutStore(id, seen, deadline);
        if (served !== undefined) return served;
        counters.storeAway += 1;
        await deadline.untilUp(link);
      }
      const fallback = this.#servable(id, seen);
      try {
        const asked = this.#ask(id, seen, deadline);
        if (fallback === undefined) return await deadline.within(asked, link);
        return await firstOf(asked, Math.min(CONFIRM_MS, deadline.leftMs), () => this.#served(fallback));
      } catch (error) {
        // A store that refuses to answer is as good as one that is away.
        if (fallback !== undefined && error instanceof SessionError) return this.#served(fallback);
        await deadline.pause(error);
      }
    }
  }

  /** A copy that this client may have while the store does not answer. */
  #servable(id: string, seen: Version | undefined): Snapshot | undefined {
    if (seen === undefined || this.parts.whenStoreAway === "refuse") return undefined;
    const entry = this.parts.memory.get(id);
    return entry && this.parts.copies.covers(entry, seen) ? entry.snapshot : undefined;
  }

  #served(copy: Snapshot): Snapshot {
    this.parts.counters.servedFromMemory += 1;
    return copy;
  }

  async #withoutStore(id: string, seen: Version | undefined, deadline: Deadline): Promise<Snapshot | undefined> {
    if (seen === undefined || this.parts.whenStoreAway === "refuse") return undefined;
    const copy = this.#servable(id, seen);
    return copy ? this.#served(copy) : this.parts.replica?.read(id, seen, deadline.leftMs);
  }

  async #ask(id: string, seen: Version | undefined, deadline: Deadline): Promise<Snapshot | undefined> {
    const { memory, copies, counters, link } = this.parts;
    for (;;) {
      const before = memory.get(id);
      const ahead = before?.ahead;
      if (before && seen && !includes(before.snapshot, seen)) counters.staleCopies += 1;
      const current = await copies.fetch(id);
      if (current === "destroyed") return undefined;
      const snapshot = current === "missing" ? undefined : current;
      const isSeen = seen === undefined || (snapshot !== undefined && includes(snapshot, seen));
      const isTold = ahead === undefined || (snapshot !== undefined && includes(snapshot, ahead));
      const mayCome = performance.now() - this.parts.lostAt() < REFILL_MS;
      if (isSeen && isTold && (snapshot !== undefined || !mayCome)) return snapshot;
      // Another server may be the primary by now, which the name then says.
      if (!isSeen) await link.checkName();
      // A session that its client has seen newer than the store has it was lost there, whether or not that was noticed.
      const isWorthWaiting = mayCome || (snapshot !== undefined && !isSeen);
      if (!isWorthWaiting || deadline.leftMs < REFILL_POLL_MS * 2) {
        // Lost for good: what the store has is what there is.
        const entry = memory.get(id);
        if (entry && entry.ahead === ahead) entry.ahead = undefined;
        return snapshot;
      }
      await delay(REFILL_POLL_MS);
    }
  }
}
