import { SessionGone, VersionConflict } from "../../../../node/sessions/errors";
import type { Change, Counters, Field, Sessions, Snapshot, Version, WriteOptions } from "../../../../node/sessions/model";

export type Command = "read" | "create" | "merge" | "update" | "compareAndSet" | "touch" | "destroy";

/** A core whose store is a map. What it is asked is noted; it can be made to wait, to fail and to forget its copies. */
export class FakeSessions implements Sessions {
  lifetimeMs = 86_400_000;
  readonly commands: Command[] = [];
  readonly counters = {} as Counters;
  /** Whether `peek` finds anything. */
  hasCopies = true;
  /** What the next commands fail with. */
  failure: Error | undefined;
  /** Awaited by each command before it is done. */
  gate: Promise<void> | undefined;
  readonly stored = new Map<string, Snapshot>();
  readonly #destroyed = new Map<string, Version>();
  #seq = 0;

  /** The session's keys, parsed. */
  data(id: string): Record<string, unknown> | undefined {
    const fields = this.#living(id)?.fields;
    return fields && Object.fromEntries([...fields].map(([name, { json }]) => [name, JSON.parse(json)]));
  }

  /** As if another node had done it. */
  change(id: string, set: Record<string, unknown>): void {
    const json = new Map(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)]));
    this.#apply(this.stored.get(id)!, { set: json, remove: new Set() }, {});
  }

  peek(id: string, seen: Version | undefined): Snapshot | undefined {
    const snapshot = this.#living(id);
    return this.hasCopies && seen && snapshot && snapshot.version.n >= seen.n ? snapshot : undefined;
  }

  async read(id: string): Promise<Snapshot | undefined> {
    await this.#command("read");
    return this.#living(id);
  }

  async create(id: string, fields: ReadonlyMap<string, string>, options: WriteOptions = {}): Promise<Snapshot> {
    await this.#command("create");
    this.#destroyed.delete(id);
    const nothing = { fields: new Map(), tombstones: new Map(), writers: new Map(), born: 1, aside: "" };
    const empty = { id, version: { n: 0, write: "" }, ...nothing, lifetimeMs: this.lifetimeMs, endsAt: 0 };
    return this.#apply(empty, { set: fields, remove: new Set() }, options);
  }

  async merge({ id }: Snapshot, change: Change, options: WriteOptions = {}): Promise<Snapshot> {
    await this.#command("merge");
    return this.#apply(this.#current(id), change, options);
  }

  async compareAndSet({ id, version }: Snapshot, change: Change, options: WriteOptions = {}): Promise<Snapshot> {
    await this.#command("compareAndSet");
    const current = this.#current(id);
    if (current.version.n !== version.n) throw new VersionConflict(current);
    return this.#apply(current, change, options);
  }

  async update(id: string, edit: (current: Snapshot) => Change, options: WriteOptions = {}): Promise<Snapshot> {
    for (;;) {
      const before = this.#current(id);
      const change = edit(before);
      await this.#command("update");
      if (this.#current(id).version.n === before.version.n) return this.#apply(before, change, options);
    }
  }

  touch(snapshot: Snapshot, options: WriteOptions = {}): Promise<void> | undefined {
    const { lifetimeMs } = { ...snapshot, ...options };
    const current = this.#living(snapshot.id);
    if (current) this.stored.set(snapshot.id, { ...current, lifetimeMs, endsAt: performance.now() + lifetimeMs });
    return this.#command("touch");
  }

  async destroy(id: string): Promise<boolean> {
    await this.#command("destroy");
    const n = (this.stored.get(id)?.version.n ?? 0) + 1;
    this.#destroyed.set(id, { n, write: `fake-${++this.#seq}` });
    return this.stored.delete(id);
  }

  async ids(): Promise<string[]> {
    return [...this.stored.keys()].filter((id) => this.#living(id));
  }

  async clear(): Promise<void> {
    this.stored.clear();
  }

  newest(id: string): Version | undefined {
    return this.#living(id)?.version ?? this.#destroyed.get(id);
  }

  async ready(): Promise<void> {}
  async close(): Promise<void> {}

  async #command(name: Command): Promise<void> {
    this.commands.push(name);
    await this.gate;
    if (this.failure) throw this.failure;
  }

  #living(id: string): Snapshot | undefined {
    const snapshot = this.stored.get(id);
    return snapshot && performance.now() < snapshot.endsAt ? snapshot : undefined;
  }

  #current(id: string): Snapshot {
    const current = this.#living(id);
    if (current === undefined || this.#destroyed.has(id)) throw new SessionGone();
    return current;
  }

  #apply(base: Snapshot, { set, remove }: Change, options: WriteOptions): Snapshot {
    const n = base.version.n + 1;
    const fields = new Map<string, Field>(base.fields);
    for (const name of remove) fields.delete(name);
    for (const [name, json] of set) fields.set(name, { json, stamp: n });
    const { lifetimeMs = base.lifetimeMs, aside = base.aside } = options;
    const version = { n, write: `fake-${++this.#seq}` };
    const snapshot = { ...base, version, fields, lifetimeMs, aside, endsAt: performance.now() + lifetimeMs };
    this.stored.set(base.id, snapshot);
    return snapshot;
  }
}
