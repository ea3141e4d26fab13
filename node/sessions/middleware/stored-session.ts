import { SessionGone } from "../errors";
import type { Change, Field, Sessions, Snapshot, WriteOptions } from "../model";
import { edited } from "./draft";
import { Keys } from "./keys";
import { asideOf, cookieOf, lasting } from "./kept-cookie";
import type { PristineValues } from "./pristine-values";
import { type CookieStart, SessionCookie } from "./session-cookie";

/** What the sessions of one middleware have in common. */
export interface SessionStock {
  readonly sessions: Sessions;
  readonly pristine: PristineValues;
}

/** What the options make of a session's cookie. */
export interface UsualCookie {
  usualCookie(): CookieStart;
}

/** A session that was used this part of its lifetime ago is as good as used now. */
const SAME_USE_PART = 0.001;

const NO_FIELDS: ReadonlyMap<string, Field> = new Map();
const NO_CHANGE: Change = { set: new Map(), remove: new Set() };

const ignore = (): undefined => undefined;

/** One session during one request: what was read, what the program makes of it, and how that gets into the store. */
export class StoredSession {
  readonly keys: Keys;
  /** By this request. */
  wasStored = false;
  #snapshot: Snapshot | undefined;
  #cookie: SessionCookie | undefined;
  #storedCookie = "";
  #wasCookieChanged = false;
  #isGone = false;
  #wasTouched = false;
  /** What is being stored; one thing after the other. */
  #turn: Promise<void> | undefined;

  constructor(
    private readonly stock: SessionStock,
    readonly id: string,
    snapshot: Snapshot | undefined,
    private readonly options: UsualCookie,
  ) {
    this.#snapshot = snapshot;
    this.keys = new Keys(snapshot?.fields ?? NO_FIELDS, stock.pristine);
  }

  /** Undefined: not in the store. */
  get snapshot(): Snapshot | undefined {
    return this.#isGone ? undefined : this.#snapshot;
  }

  get cookie(): SessionCookie {
    if (this.#cookie === undefined) {
      const usual = this.options.usualCookie();
      this.#cookie = this.#snapshot ? cookieOf(this.#snapshot, usual, performance.now()) : new SessionCookie(usual);
      this.#storedCookie = lasting(this.#cookie);
    }
    return this.#cookie;
  }

  set cookie(cookie: SessionCookie) {
    this.#storedCookie = lasting(this.cookie);
    this.#cookie = cookie;
  }

  /** What was stored moved the cookie's end, or made it another cookie. */
  get isCookieDue(): boolean {
    return this.wasStored && (this.#wasCookieChanged || Boolean(this.cookie.expires));
  }

  /** Stores what was changed. Undefined: there is nothing to store. `isForced`: even a new session without any keys. */
  commit(isForced: boolean): Promise<void> | undefined {
    if (this.#turn) return this.#take(this.#turn.then(ignore, ignore).then(() => this.#commit(isForced)));
    const work = this.#commit(isForced);
    return work && this.#take(work);
  }

  /** @see Sessions.update */
  update(edit: (draft: Record<string, unknown>) => unknown): Promise<void> {
    const turn = this.#turn;
    return this.#take(turn ? turn.then(ignore, ignore).then(() => this.#update(edit)) : this.#update(edit));
  }

  /** Late changes are dropped from now on. */
  async destroy(): Promise<void> {
    await this.#turn?.then(ignore, ignore);
    if (this.snapshot === undefined) return;
    this.#isGone = true;
    await this.stock.sessions.destroy(this.id);
  }

  /** A request that changed nothing was a use all the same. Nobody waits for it. */
  touch(now: number): Promise<void> | undefined {
    const { snapshot } = this;
    if (snapshot === undefined || this.#wasTouched || snapshot.endsAt - now > snapshot.lifetimeMs * (1 - SAME_USE_PART)) return undefined;
    this.#wasTouched = true;
    return this.stock.sessions.touch(snapshot);
  }

  #commit(isForced: boolean): Promise<void> | undefined {
    if (this.#isGone) return undefined;
    try {
      const change = this.keys.change();
      return this.#snapshot ? this.#merge(this.#snapshot, change) : this.#create(change, isForced);
    } catch (error) {
      return rejected(error);
    }
  }

  #create(change: Change | undefined, isForced: boolean): Promise<void> | undefined {
    if (change === undefined && !isForced) return undefined;
    const cookie = lasting(this.cookie);
    return this.#stored(this.stock.sessions.create(this.id, (change ?? NO_CHANGE).set, this.#writeOptions()), change, cookie);
  }

  #merge(base: Snapshot, change: Change | undefined): Promise<void> | undefined {
    const cookie = this.#cookie ? lasting(this.#cookie) : this.#storedCookie;
    const isNewCookie = cookie !== this.#storedCookie;
    if (change === undefined && !isNewCookie) return undefined;
    this.#wasCookieChanged ||= isNewCookie;
    return this.#stored(this.stock.sessions.merge(base, change ?? NO_CHANGE, isNewCookie ? this.#writeOptions() : {}), change, cookie);
  }

  async #stored(work: Promise<Snapshot>, change: Change | undefined, cookie: string): Promise<void> {
    this.#note(await this.#unlessGone(work));
    if (change) this.keys.settle(change);
    this.#storedCookie = cookie;
  }

  async #update(edit: (draft: Record<string, unknown>) => unknown): Promise<void> {
    await this.#commit(true);
    const seen = this.#snapshot && { seen: this.#snapshot.version };
    const newest = await this.#unlessGone(this.stock.sessions.update(this.id, (current) => edited(current, edit), seen));
    this.#note(newest);
    this.keys.renew(newest.fields);
  }

  #note(newest: Snapshot): void {
    this.#snapshot = newest;
    this.wasStored = true;
  }

  async #unlessGone<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#isGone ||= error instanceof SessionGone;
      throw error;
    }
  }

  #take(work: Promise<void>): Promise<void> {
    const done = (): void => {
      if (this.#turn === work) this.#turn = undefined;
    };
    this.#turn = work;
    work.then(done, done);
    return work;
  }

  #writeOptions(): WriteOptions {
    const { originalMaxAge } = this.cookie;
    const lifetimeMs = originalMaxAge === null ? this.stock.sessions.lifetimeMs : Math.max(1, Math.ceil(originalMaxAge));
    return { lifetimeMs, aside: asideOf(this.cookie, this.options.usualCookie()) };
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error;
}
