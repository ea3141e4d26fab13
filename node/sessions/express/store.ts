import type { Request } from "express";
import type { Session, SessionData } from "express-session";
import Store from "express-session/session/store";
import { SessionGone } from "../errors";
import { withHeaders } from "../http/with-headers";
import { edited } from "../middleware/draft";
import type { Sessions, Snapshot, Version } from "../model";
import { isEmpty } from "../snapshot";
import { newer } from "../version";
import { answer, type Callback, ignore } from "./answer";
import { Base } from "./base";
import { Bases } from "./bases";
import { cookieLife } from "./cookie-life";
import { type Exchange, exchangeOf } from "./exchange";
import { changeOf, dataOf, fieldsOf } from "./session-data";

/** Sessions read at the same time by `all`. */
const READS_AT_ONCE = 100;

/** A store for express-session that sends what a request changed, and asks only when the copy in memory may be old. `versions` goes with it. */
export class SessionStore extends Store {
  #arriving: Exchange | undefined;
  #acting: Exchange | undefined;

  constructor(readonly sessions: Sessions) {
    super();
    let generate: ((req: Request) => void) | undefined;
    // express-session gives its stores this method when it is set up.
    Object.defineProperty(this, "generate", {
      get: () => generate,
      set: (make: (req: Request) => void) => {
        generate = (req) => {
          make(req);
          exchangeOf(req)?.enter(req.session);
        };
      },
    });
  }

  override get(id: string, callback: Callback<SessionData | null | undefined>): void {
    const arriving = this.#arriving;
    // Once: a reload in the same request asks the store.
    this.#arriving = undefined;
    const seen = arriving?.seen(id);
    const copy = this.sessions.peek(id, seen);
    // Not at once, as MemoryStore does: requests that arrive together are all looked up, and then all handled, which under load takes a quarter less
    // of the processor's time (its caches hold one part of the work at a time). A request that comes alone waits 3 µs.
    if (copy) setImmediate(callback, null, this.#dataOf(copy));
    else answer(this.#read(id, seen), (error, data) => callback(error && withHeaders(error), data));
  }

  override set(id: string, session: SessionData, callback: Callback = ignore): void {
    const done = this.#during(session, callback);
    let fields: Map<string, string>;
    try {
      fields = fieldsOf(session);
    } catch (error) {
      done(error);
      return;
    }
    const base = this.#baseOf(id, session);
    const life = cookieLife(session.cookie, base.snapshot?.lifetimeMs);
    const save = async (): Promise<void> => {
      const known = base.snapshot;
      if (known === undefined) return base.settle(await this.sessions.create(id, fields, life), fields);
      const change = changeOf(session, fields, base.stored);
      if (isEmpty(change)) await this.sessions.touch(known, life);
      else base.settle(await this.sessions.merge(known, change, life), fields);
    };
    answer(base.inTurn(save), (error) => done(error instanceof SessionGone ? null : error));
  }

  override touch(id: string, session: SessionData, callback: Callback = ignore): void {
    const known = this.#baseOf(id, session).snapshot;
    const touch = (snapshot: Snapshot): Promise<void> | undefined => this.sessions.touch(snapshot, cookieLife(session.cookie, snapshot.lifetimeMs));
    const touching = known ? touch(known) : this.sessions.read(id, this.sessions.newest(id)).then((found) => found && touch(found));
    // At once when the store need not be told: express-session then sends the answer in one piece.
    if (touching === undefined) callback(null);
    else answer(touching, this.#during(session, callback));
  }

  override destroy(id: string, callback: Callback = ignore): void {
    const done = this.#acting?.during(callback) ?? callback;
    answer(this.sessions.destroy(id), (error) => done(error));
  }

  override regenerate(req: Request, callback: Callback): void {
    this.acting(exchangeOf(req), () => super.regenerate(req, callback));
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const base = Bases.of(this, data);
    const session = super.createSession(req, data);
    if (base) Bases.put(session, base);
    exchangeOf(req)?.enter(session);
    return session;
  }

  /** Changes a session as nobody else can between: `edit` gets its newest keys, and again if they were changed meanwhile. */
  async update(id: string, edit: (draft: Record<string, unknown>) => unknown): Promise<void> {
    await this.sessions.update(id, (current) => edited(current, edit));
  }

  override all(callback: Callback<{ [id: string]: SessionData } | null>): void {
    answer(this.#all(), callback);
  }

  override length(callback: Callback<number>): void {
    answer(
      this.sessions.ids().then((ids) => ids.length),
      callback,
    );
  }

  override clear(callback: Callback = ignore): void {
    answer(this.sessions.clear(), callback);
  }

  /** Runs express-session's middleware, which calls `get` before it returns, for a request whose client may carry a version. */
  arriving(exchange: Exchange, run: () => void): void {
    this.#arriving = exchange;
    try {
      run();
    } finally {
      this.#arriving = undefined;
    }
  }

  /** What `run` destroys belongs to this exchange: express-session names only the session. */
  acting<T>(exchange: Exchange | undefined, run: () => T): T {
    this.#acting = exchange;
    try {
      return run();
    } finally {
      this.#acting = undefined;
    }
  }

  /** Whether the session has something that its store has not, and that express-session will save when the response ends. */
  isUnsaved(session: SessionData): boolean {
    const base = Bases.of(this, session);
    const fields = fieldsOf(session);
    return base?.snapshot === undefined ? fields.size > 0 : !isEmpty(changeOf(session, fields, base.stored));
  }

  /** The newest version that this process knows of. */
  versionOf(id: string, session: SessionData): Version | undefined {
    return newer(this.sessions.newest(id), Bases.of(this, session)?.snapshot?.version);
  }

  #baseOf(id: string, session: SessionData): Base {
    const known = Bases.of(this, session);
    if (known && (known.snapshot === undefined || known.snapshot.id === id)) return known;
    const base = new Base(this);
    Bases.put(session, base);
    return base;
  }

  #dataOf(snapshot: Snapshot): SessionData {
    const data = dataOf(snapshot);
    Bases.put(data, new Base(this, snapshot));
    return data;
  }

  async #read(id: string, seen: Version | undefined): Promise<SessionData | undefined> {
    const found = await this.sessions.read(id, seen);
    return found && this.#dataOf(found);
  }

  #during(session: SessionData & { req?: Request }, callback: Callback): Callback {
    return (session.req && exchangeOf(session.req)?.during(callback)) ?? callback;
  }

  async #all(): Promise<{ [id: string]: SessionData }> {
    const ids = await this.sessions.ids();
    const all = Object.create(null) as { [id: string]: SessionData };
    for (let at = 0; at < ids.length; at += READS_AT_ONCE) {
      const batch = ids.slice(at, at + READS_AT_ONCE);
      for (const found of await Promise.all(batch.map((id) => this.sessions.read(id, undefined)))) {
        if (found) all[found.id] = this.#dataOf(found);
      }
    }
    return all;
  }
}
