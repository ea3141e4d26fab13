import type { IncomingMessage } from "node:http";
import { type Callback, settling } from "./callback";
import type { Keys } from "./keys";
import { KEYS, type KeysHolder, keysHandler } from "./keys-handler";
import { SessionCookie } from "./session-cookie";
import type { StoredSession } from "./stored-session";

const STORED = Symbol("stored");
const OWNER = Symbol("owner");

/** The request that has the session, and may get another. */
export interface SessionOwner {
  readonly req: IncomingMessage;
  reload(stored: StoredSession): Promise<void>;
  regenerate(stored: StoredSession): Promise<void>;
  destroy(stored: StoredSession): Promise<void>;
}

/** `req.session`: the members of express-session's, and `update`. Each takes a callback as there, or answers with a promise. */
export class Session implements KeysHolder {
  readonly [KEYS]: Keys;
  readonly [STORED]: StoredSession;
  readonly [OWNER]: SessionOwner;

  constructor(owner: SessionOwner, stored: StoredSession) {
    this[KEYS] = stored.keys;
    this[STORED] = stored;
    this[OWNER] = owner;
  }

  get id(): string {
    return this[STORED].id;
  }

  get req(): IncomingMessage {
    return this[OWNER].req;
  }

  get cookie(): SessionCookie {
    return this[STORED].cookie;
  }

  set cookie(cookie: SessionCookie) {
    this[STORED].cookie = cookie instanceof SessionCookie ? cookie : new SessionCookie(cookie);
  }

  touch(): this {
    return this.resetMaxAge();
  }

  resetMaxAge(): this {
    this.cookie.maxAge = this.cookie.originalMaxAge;
    return this;
  }

  /** Now, and not when the response ends. */
  save(callback?: Callback): Promise<void> | this {
    return settling(this, this[STORED].commit(true) ?? Promise.resolve(), callback);
  }

  /** Afterwards `req.session` is another object, as the store has it now; what this one changed is forgotten. */
  reload(callback?: Callback): Promise<void> | this {
    return settling(this, this[OWNER].reload(this[STORED]), callback);
  }

  /** Destroys this session. Afterwards `req.session` is a new one with another id. */
  regenerate(callback?: Callback): Promise<void> | this {
    return settling(this, this[OWNER].regenerate(this[STORED]), callback);
  }

  destroy(callback?: Callback): Promise<void> | this {
    return settling(this, this[OWNER].destroy(this[STORED]), callback);
  }

  /**
   * Changes the session as nobody else can between: `edit` gets the newest keys, and again if they were changed meanwhile. It must not be
   * asynchronous. What this request changed before is stored first.
   */
  update(edit: (draft: Record<string, unknown>) => unknown): Promise<void> {
    return this[STORED].update(edit);
  }

  /** What `console.log` shows: the keys, and not how they are kept. */
  [Symbol.for("nodejs.util.inspect.custom")](): object {
    const shown = this[KEYS].names().map((name) => [name, this[KEYS].get(name)] as const);
    return { cookie: this.cookie, ...(Object.fromEntries(shown) as object) };
  }
}

const handler = keysHandler<Session>(Session.prototype, ["cookie"]);

export const sessionOf = (owner: SessionOwner, stored: StoredSession): Session => new Proxy(new Session(owner, stored), handler);
