import type { Copies } from "./copies";
import type { Deadline } from "./deadline";
import { SessionGone, SessionTooLarge, VersionConflict } from "./errors";
import type { Memory, Question } from "./memory";
import type { Change, Counters, Snapshot, Version, WriteOptions } from "./model";
import { changed, isEmpty, sessionBytes } from "./snapshot";
import type { Store, Ticket, WriteCall } from "./store";
import type { StoreLink } from "./store-link";
import { descends } from "./version";

export interface WriterParts {
  memory: Memory;
  copies: Copies;
  store: Store;
  link: StoreLink;
  counters: Counters;
  lifetimeMs: number;
  maxSessionBytes: number;
}

type Call = Omit<WriteCall, "copy" | "known" | "ticket" | "limitBytes">;

/** Writes, one at a time for each session: a caller takes its turn before. */
export class SessionWriter {
  constructor(private readonly parts: WriterParts) {}

  async create(mode: "create" | "add", id: string, set: ReadonlyMap<string, string>, options: WriteOptions, deadline: Deadline): Promise<Snapshot> {
    const { lifetimeMs = this.parts.lifetimeMs, aside = "" } = options;
    return this.#write({ mode, id, change: { set, remove: new Set() }, base: undefined, lifetimeMs, aside }, undefined, deadline);
  }

  async write(mode: "merge" | "cas", base: Snapshot, change: Change, options: WriteOptions, deadline: Deadline): Promise<Snapshot> {
    const { lifetimeMs, aside } = options;
    return this.#write({ mode, id: base.id, change, base: base.version, lifetimeMs, aside }, base, deadline);
  }

  async update(current: Snapshot | undefined, edit: (current: Snapshot) => Change, options: WriteOptions, deadline: Deadline): Promise<Snapshot> {
    for (;;) {
      if (current === undefined) throw new SessionGone();
      const change = edit(current);
      if (isEmpty(change)) return current;
      try {
        return await this.write("cas", current, change, options, deadline);
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        deadline.check("others modified the session all the time");
        current = error.current;
      }
    }
  }

  async destroy(id: string, expected: Version | undefined, deadline: Deadline): Promise<boolean> {
    const { memory, store, counters } = this.parts;
    const ticket = store.nextTicket();
    const copy = memory.get(id)?.snapshot;
    counters.storeWrites += 1;
    const destroyed = await this.#retried(() => store.destroy({ id, expected, copy: copy?.version, ticket }), deadline);
    if (destroyed.is === "conflict") throw new VersionConflict(destroyed.snapshot);
    memory.bury(id, destroyed.version);
    // The store may have lost it.
    const isKnownHere = copy !== undefined && performance.now() < copy.endsAt;
    return destroyed.is === "destroyed" || (destroyed.is === "unknown" && isKnownHere);
  }

  async #write(call: Call, base: Snapshot | undefined, deadline: Deadline): Promise<Snapshot> {
    this.#refuseLarge(call);
    const ticket = this.parts.store.nextTicket();
    return this.#retried(async () => {
      for (;;) {
        const done = await this.#once(call, base, ticket);
        if (done !== "missing") return done;
        if (base === undefined) throw new SessionGone();
        await this.parts.copies.bringBack(base);
        deadline.check("the store lost the session again and again");
      }
    }, deadline);
  }

  async #once(call: Call, base: Snapshot | undefined, ticket: Ticket): Promise<Snapshot | "missing"> {
    const { memory, store, link, counters, maxSessionBytes: limitBytes } = this.parts;
    const { id, change, lifetimeMs, aside } = call;
    const copy = memory.get(id)?.snapshot;
    const known = (memory.get(id)?.ahead ?? memory.gone.peek(id))?.n ?? 0;
    const { generation } = link;
    const now = performance.now();
    const question = memory.ask(id);
    try {
      counters.storeWrites += 1;
      const written = await store.write({ ...call, copy: copy?.version, known, ticket, limitBytes });
      const settled = (snapshot: Snapshot): Promise<Snapshot> => this.#settled(question, snapshot, base, generation, now);
      switch (written.is) {
        case "stored":
          return await settled(changed(base && copy ? copy : nothing(id, written.version), change, written.version, { lifetimeMs, aside, now }));
        case "whole":
          if (written.moved) counters.merged += 1;
          counters.conflicts += written.conflicts;
          return await settled({ ...written.snapshot, endsAt: now + written.snapshot.lifetimeMs });
        case "conflict":
          throw new VersionConflict(await settled(written.snapshot));
        case "missing":
          return "missing";
        case "large":
          throw new SessionTooLarge(written.bytes, limitBytes);
        case "destroyed":
          memory.bury(id, written.version);
          throw this.#late();
        case "gone":
          throw this.#late();
      }
    } finally {
      memory.leave(id, question);
    }
  }

  /** The copy from now on, with all that a failover may have taken from the store and this process still has. */
  async #settled(question: Question, snapshot: Snapshot, base: Snapshot | undefined, generation: number, now: number) {
    const { copies } = this.parts;
    let current = await copies.settle(question, snapshot, generation, now);
    if (base && typeof current !== "string" && !descends(current, base)) current = await copies.restore(base);
    if (typeof current === "string") throw new SessionGone();
    return current;
  }

  #late(): SessionGone {
    this.parts.counters.lateWrites += 1;
    return new SessionGone();
  }

  /** Again over the next connection when one is lost, until the limit. */
  async #retried<T>(work: () => Promise<T>, deadline: Deadline): Promise<T> {
    const { link, counters } = this.parts;
    for (;;) {
      if (!link.isUp) counters.storeAway += 1;
      await deadline.untilUp(link);
      try {
        return await deadline.within(work(), link);
      } catch (error) {
        await deadline.pause(error);
      }
    }
  }

  /** What can be known without the store; the store looks at the rest. */
  #refuseLarge({ id, mode, change, aside }: Call): void {
    const { memory, copies, maxSessionBytes } = this.parts;
    const entry = mode === "merge" || mode === "cas" ? memory.get(id) : undefined;
    const current = entry && copies.isCurrent(entry, performance.now()) ? entry.snapshot : undefined;
    let bytes = sessionBytes(change.set, aside ?? current?.aside ?? "");
    for (const [name, { json }] of current?.fields ?? []) {
      if (!change.set.has(name) && !change.remove.has(name)) bytes += sessionBytes([[name, json]], "");
    }
    if (bytes > maxSessionBytes) throw new SessionTooLarge(bytes, maxSessionBytes);
  }
}

const nothing = (id: string, version: Version): Snapshot => ({
  id,
  version,
  fields: new Map(),
  tombstones: new Map(),
  writers: new Map(),
  born: version.n,
  aside: "",
  lifetimeMs: 0,
  endsAt: 0,
});
