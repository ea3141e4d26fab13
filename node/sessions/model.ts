/**
 * A session's version: `<n>.<writer>-<seq>`. `n` grows with each modification, and is at least the store's clock in milliseconds: so the `n` of
 * two histories of one session (one of which a failover lost) tell which modification was the later one. The rest names the write that made it.
 */
export interface Version {
  readonly n: number;
  readonly write: string;
}

/** One top-level key: the JSON text of its value, and the `n` of the modification that set it. */
export interface Field {
  readonly json: string;
  readonly stamp: number;
}

/** A session as it was at one version. Never changed: a modification makes another. */
export interface Snapshot {
  readonly id: string;
  readonly version: Version;
  readonly fields: ReadonlyMap<string, Field>;
  /** Deleted keys and the `n` that deleted them: without them a copy pushed back after a failover would bring the keys back. */
  readonly tombstones: ReadonlyMap<string, number>;
  /** The last write of each writer that is part of this version: by them it is known whether one version contains another. */
  readonly writers: ReadonlyMap<string, number>;
  /** The `n` that created the session: one that was destroyed before may have had the same id. */
  readonly born: number;
  /** What belongs to the session and is no part of its version: express-session's cookie, as JSON text. Empty: none. */
  readonly aside: string;
  /** Milliseconds from the last use to the end. */
  readonly lifetimeMs: number;
  /** By this process's monotonic clock (performance.now()). */
  readonly endsAt: number;
}

/** What one request did to a session: JSON text of the keys it set, and the keys it removed. */
export interface Change {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: ReadonlySet<string>;
}

/** What is not named stays as the session has it; for a new one, the store's lifetime and nothing aside. */
export interface WriteOptions {
  lifetimeMs?: number;
  aside?: string;
}

/**
 * The one core behind both doors. All methods that ask the store end within `storeTimeoutMs`, and then with StoreAway.
 * `seen` is the version that the client carried: a copy at least that new is safe for this client.
 */
export interface Sessions {
  /** Milliseconds; for sessions whose writer names none. */
  readonly lifetimeMs: number;
  /** Without asking the store: the copy in memory, when it is safe for a client that carries `seen`. Undefined: `read` must ask. Synchronous and cheap. */
  peek(id: string, seen: Version | undefined): Snapshot | undefined;
  /** From memory when that is safe, else from the store. Without `seen` the store is always asked whether the copy is current. Undefined: no such session. */
  read(id: string, seen: Version | undefined): Promise<Snapshot | undefined>;
  /**
   * A new session, or one that replaces whatever has this id (a destroyed one too).
   * `ifNew`: @throws VersionConflict when a living session has this id
   */
  create(id: string, fields: ReadonlyMap<string, string>, options?: WriteOptions & { ifNew?: boolean }): Promise<Snapshot>;
  /** Merges a change made on `base` into the current version, key by key; the last write of one key wins. @throws SessionGone */
  merge(base: Snapshot, change: Change, options?: WriteOptions): Promise<Snapshot>;
  /** Writes only if the session still has this version. @throws VersionConflict (with the current snapshot), SessionGone */
  compareAndSet(base: Snapshot, change: Change, options?: WriteOptions): Promise<Snapshot>;
  /**
   * Reads, applies `edit`, compares and sets, again until it holds. `edit` may be called more than once. `seen`: as with `read`.
   * @throws SessionGone when there is none
   */
  update(id: string, edit: (current: Snapshot) => Change, options?: WriteOptions & { seen?: Version }): Promise<Snapshot>;
  /**
   * Extends the session's life; asks the store at most once per tenth of the lifetime, and else is done at once: undefined. The aside is kept in
   * memory in between. Another lifetime is a modification. Never rejects for the store's sake: the next request extends the life.
   */
  touch(snapshot: Snapshot, options?: WriteOptions): Promise<void> | undefined;
  /** From now on every late write to it is refused. False: there was none. `expected`: @throws VersionConflict when it has another version */
  destroy(id: string, expected?: Version): Promise<boolean>;
  ids(): Promise<string[]>;
  /** Destroys all. */
  clear(): Promise<void>;
  /** The newest version of the session that this process knows of, for the client to carry; a destroyed one has a version too. */
  newest(id: string): Version | undefined;
  /** Resolves when the store can be reached; rejects with StoreAway after the limit. */
  ready(): Promise<void>;
  readonly counters: Readonly<Counters>;
  close(): Promise<void>;
}

/** Since the process began. */
export interface Counters {
  servedFromMemory: number;
  storeReads: number;
  storeWrites: number;
  storeTouches: number;
  /** Writes that met another modification of the same session; both survived. */
  merged: number;
  /** Keys that two modifications set; the later one won. */
  conflicts: number;
  /** Copies found older than what the client had seen, or than the store's. */
  staleCopies: number;
  /** Copies pushed back to a store that had lost them. */
  refilled: number;
  /** Modifications refused because the session was destroyed before. */
  lateWrites: number;
  /** Times the store could not be reached when it was needed. */
  storeAway: number;
}
