import type { Copies } from "./copies";
import { InvalidSessionId, InvalidSessionKey, LinkLost, SessionError } from "./errors";
import type { Entry, Memory } from "./memory";
import type { Change, Counters, Sessions, Snapshot, Version, WriteOptions } from "./model";
import type { SessionIds } from "./session-ids";
import type { SessionReader } from "./session-reader";
import type { SessionWriter } from "./session-writer";
import type { Store } from "./store";
import type { StoreLink } from "./store-link";
import { Deadline } from "./deadline";
import { Turns } from "./turns";
import { newer } from "./version";

export interface CoreParts {
  lifetimeMs: number;
  storeTimeoutMs: number;
  counters: Counters;
  memory: Memory;
  copies: Copies;
  store: Store;
  link: StoreLink;
  reader: SessionReader;
  writer: SessionWriter;
  ids: SessionIds;
  close: () => void;
}

/** Visible ASCII: what a cookie and a key may hold without escapes. */
const ID = /^[!-~]{1,128}$/;

/** Sessions destroyed at a time: each has the usual limit, however many there are. */
const CLEARED_AT_A_TIME = 64;

const NO_CHANGE: Change = { set: new Map(), remove: new Set() };

/** Extending a life is told to the store at most once in this part of the lifetime. */
const TOUCH_PART = 0.1;

export class SessionCore implements Sessions {
  readonly #parts: CoreParts;
  readonly #turns = new Turns();

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  get lifetimeMs(): number {
    return this.#parts.lifetimeMs;
  }

  get counters(): Readonly<Counters> {
    return this.#parts.counters;
  }

  peek(id: string, seen: Version | undefined): Snapshot | undefined {
    return this.#parts.reader.peek(id, seen);
  }

  async read(id: string, seen: Version | undefined): Promise<Snapshot | undefined> {
    checkId(id);
    return this.#read(id, seen, this.#deadline());
  }

  async create(id: string, fields: ReadonlyMap<string, string>, options: WriteOptions & { ifNew?: boolean } = {}): Promise<Snapshot> {
    checkId(id);
    checkKeys(fields);
    const deadline = this.#deadline();
    return this.#turns.take(id, () => this.#parts.writer.create(options.ifNew ? "add" : "create", id, fields, options, deadline));
  }

  async merge(base: Snapshot, change: Change, options: WriteOptions = {}): Promise<Snapshot> {
    return this.#write("merge", base, change, options);
  }

  async compareAndSet(base: Snapshot, change: Change, options: WriteOptions = {}): Promise<Snapshot> {
    return this.#write("cas", base, change, options);
  }

  async update(id: string, edit: (current: Snapshot) => Change, options: WriteOptions & { seen?: Version } = {}): Promise<Snapshot> {
    checkId(id);
    const deadline = this.#deadline();
    const checked = (current: Snapshot): Change => {
      const change = edit(current);
      checkKeys(change.set);
      return change;
    };
    return this.#turns.take(id, async () => {
      const current = await this.#read(id, newer(this.newest(id), options.seen), deadline);
      return this.#parts.writer.update(current, checked, options, deadline);
    });
  }

  touch(snapshot: Snapshot, options: WriteOptions = {}): Promise<void> | undefined {
    const { memory, link } = this.#parts;
    const entry = memory.get(snapshot.id);
    const now = performance.now();
    const current = entry?.snapshot ?? snapshot;
    if (now >= current.endsAt) return undefined;
    const { lifetimeMs = current.lifetimeMs, aside = current.aside } = options;
    if (lifetimeMs !== current.lifetimeMs) return this.#quietly(this.merge(current, NO_CHANGE, { lifetimeMs, aside }));
    const touched = { ...current, aside, endsAt: now + lifetimeMs };
    if (entry) entry.snapshot = touched;
    // A life that cannot be extended now is extended by the next request: nobody waits for it.
    if (!link.isUp || (entry && now - entry.pushedAt < lifetimeMs * TOUCH_PART)) return undefined;
    return this.#quietly(this.#push(touched, entry, now));
  }

  async destroy(id: string, expected?: Version): Promise<boolean> {
    checkId(id);
    const deadline = this.#deadline();
    return this.#turns.take(id, () => this.#parts.writer.destroy(id, expected, deadline));
  }

  async ids(): Promise<string[]> {
    return (await this.#parts.ids.list(this.#deadline())).filter((id) => ID.test(id));
  }

  async clear(): Promise<void> {
    const ids = await this.ids();
    const worker = async (): Promise<void> => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await this.destroy(id);
    };
    await Promise.all(Array.from({ length: CLEARED_AT_A_TIME }, worker));
  }

  newest(id: string): Version | undefined {
    const { memory } = this.#parts;
    const entry = memory.get(id);
    return entry ? newer(entry.snapshot.version, entry.ahead) : memory.gone.peek(id);
  }

  async ready(): Promise<void> {
    await this.#deadline().untilUp(this.#parts.link);
  }

  async close(): Promise<void> {
    this.#parts.close();
  }

  #deadline(): Deadline {
    return new Deadline(this.#parts.storeTimeoutMs);
  }

  async #read(id: string, seen: Version | undefined, deadline: Deadline): Promise<Snapshot | undefined> {
    return this.peek(id, seen) ?? this.#parts.reader.read(id, seen, deadline);
  }

  async #write(mode: "merge" | "cas", base: Snapshot, change: Change, options: WriteOptions): Promise<Snapshot> {
    checkKeys(change.set);
    // From now on: whoever waits for a turn has no more time than the others.
    const deadline = this.#deadline();
    return this.#turns.take(base.id, () => this.#parts.writer.write(mode, base, change, options, deadline));
  }

  async #push(touched: Snapshot, entry: Entry | undefined, now: number): Promise<void> {
    const { store, copies, counters, link } = this.#parts;
    counters.storeTouches += 1;
    const pushedBefore = entry?.pushedAt;
    if (entry) entry.pushedAt = now;
    try {
      const is = await this.#deadline().within(store.touch(touched), link);
      if (is === "missing") await copies.restore(touched);
    } catch (error) {
      if (entry && pushedBefore !== undefined && entry.pushedAt === now) entry.pushedAt = pushedBefore;
      throw error;
    }
  }

  async #quietly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof LinkLost) && !(error instanceof SessionError)) throw error;
    }
  }
}

function checkId(id: string): void {
  if (!ID.test(id)) throw new InvalidSessionId();
}

const HALF_A_PAIR = /\p{Surrogate}/u;

/** Half a surrogate pair has no form in UTF-8: two such names would become one. */
function checkKeys(keys: ReadonlyMap<string, string>): void {
  for (const name of keys.keys()) if (HALF_A_PAIR.test(name)) throw new InvalidSessionKey();
}
