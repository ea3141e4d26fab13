import type { Snapshot } from "../model";

/** What one session object of express-session knows to be stored: a save sends only what differs from it. */
export class Base {
  #snapshot: Snapshot | undefined;
  #stored: ReadonlyMap<string, string> | undefined;
  #turns: Promise<unknown> | undefined;

  /** Of the same object, for another store. */
  ofOther: Base | undefined;

  /** Without a snapshot nothing is stored. */
  constructor(
    readonly store: object,
    snapshot?: Snapshot,
  ) {
    this.#snapshot = snapshot;
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** The JSON text of each key. */
  get stored(): ReadonlyMap<string, string> {
    this.#stored ??= new Map([...(this.#snapshot?.fields ?? [])].map(([name, { json }]) => [name, json]));
    return this.#stored;
  }

  /** The session object's keys were stored. The snapshot may have more: others' keys, which this object does not know and so cannot have removed. */
  settle(snapshot: Snapshot, stored: ReadonlyMap<string, string>): void {
    this.#snapshot = snapshot;
    this.#stored = stored;
  }

  /** One save after another: what the next must send depends on whether the one before was stored. */
  inTurn<T>(save: () => Promise<T>): Promise<T> {
    const mine = (this.#turns ?? Promise.resolve()).then(save);
    this.#turns = mine.catch(() => undefined);
    return mine;
  }
}
