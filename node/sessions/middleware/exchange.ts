import type { IncomingMessage } from "node:http";
import { SessionGone } from "../errors";
import { Problem, problemOf } from "../http/problem";
import type { Snapshot, Version } from "../model";
import { newer } from "../version";
import type { CookieOptions } from "./cookie-options";
import type { Departure } from "./guarded-response";
import { isSecure } from "./is-secure";
import { type CarriedCookies, carriedCookies } from "./request-cookies";
import { type Session, type SessionOwner, sessionOf } from "./session";
import { type CookieStart, SessionCookie } from "./session-cookie";
import { setCookie } from "./set-cookie";
import type { Settings } from "./settings";
import { detached, type SignedId } from "./signed-ids";
import { StoredSession, type UsualCookie } from "./stored-session";

export type SessionRequest = IncomingMessage & { session?: Session | null | undefined; sessionID?: string; originalUrl?: string; secure?: boolean };

const NONE: readonly string[] = [];
const LONG_AGO = new Date(0);

/** One request, its response, and the session between them. */
export class Exchange implements Departure, SessionOwner, UsualCookie {
  readonly #carried: CarriedCookies;
  /** What the client's cookie names, if it was signed here. */
  readonly #signed: SignedId | undefined;
  #stored: StoredSession | undefined;
  #session: Session | undefined;
  /** The store is being told that the session ended. */
  #ending: Promise<void> | undefined;
  /** The session that the client names was ended by this request. */
  #isEnded = false;

  constructor(
    private readonly settings: Settings,
    readonly req: SessionRequest,
    private readonly cookieOptions: CookieOptions,
  ) {
    this.#carried = carriedCookies(req.headers.cookie, settings.cookieNames);
    this.#signed = this.#carried.session === undefined ? undefined : settings.ids.verify(this.#carried.session);
  }

  get carriedId(): string | undefined {
    return this.#signed?.id;
  }

  /** What the client has seen of the session that it names. */
  get seen(): Version | undefined {
    const signed = this.#signed;
    const text = this.#carried.version;
    if (signed === undefined || text === undefined) return undefined;
    if (signed.carried?.text === text) return signed.carried.version;
    const { sessions, versions } = this.settings;
    const version = versions.read(signed.id, text, sessions.newest(signed.id));
    if (version) signed.carried = { text: detached(text), version };
    return version;
  }

  /** A new session. An id that a client brings and the store does not know is never used: it may be someone else's to know. */
  begin(): void {
    this.#attach(new StoredSession(this.settings, this.settings.newId(this.req), undefined, this));
  }

  resume(snapshot: Snapshot): void {
    this.#attach(new StoredSession(this.settings, snapshot.id, snapshot, this));
  }

  async reload({ id, wasStored }: StoredSession): Promise<void> {
    const snapshot = await this.settings.sessions.read(id, undefined);
    if (snapshot === undefined) throw new Error("failed to load session");
    this.resume(snapshot);
    if (this.#stored) this.#stored.wasStored = wasStored;
  }

  async regenerate(stored: StoredSession): Promise<void> {
    try {
      await this.#end(stored);
    } finally {
      this.begin();
    }
  }

  destroy(stored: StoredSession): Promise<void> {
    if (stored === this.#stored) {
      this.#detach();
      delete this.req.session;
    }
    return this.#end(stored);
  }

  /** Before anything of the response leaves. Undefined: nothing was changed. @throws what the store refuses; a change that came too late is dropped */
  commit(): Promise<void> | undefined {
    if (this.#ending) return this.#ending.then(() => this.commit());
    const { req } = this;
    const stored = this.#stored;
    if (stored === undefined) return undefined;
    if (req.session === undefined || req.session === null) {
      this.#detach();
      return this.settings.unset === "destroy" ? this.#end(stored) : undefined;
    }
    if (req.session !== this.#session) {
      return Promise.reject(new TypeError("req.session: must not be another object; set its keys, or end it with regenerate or destroy"));
    }
    const work = stored.commit(this.settings.saveUninitialized);
    if (work) return work.catch(dropLate);
    stored.touch(performance.now())?.catch((error: unknown) => this.settings.onError(error, req));
    return undefined;
  }

  /** The Set-Cookie headers, when the response's head leaves. */
  cookies(): readonly string[] {
    const stored = this.#stored;
    const { cookieNames, ids, rolling, sessions, versions } = this.settings;
    if (this.#isEnded && !stored?.snapshot) return this.#cleared();
    if (stored === undefined) return NONE;
    const isCarried = this.#signed?.id === stored.id;
    // Of a session that was ended meanwhile this is the version of its end: no other node will take its copy for good enough.
    const newest = newer(stored.snapshot?.version, sessions.newest(stored.id));
    const isDue = stored.snapshot !== undefined && (!isCarried || rolling || stored.isCookieDue);
    if (newest === undefined || !(isDue || isCarried)) return NONE;
    const version = versions.print(stored.id, newest);
    if (!isDue && version === this.#carried.version) return NONE;
    const { cookie } = stored;
    if (cookie.secure && !this.#isSecure()) return NONE;
    cookie.maxAge = cookie.originalMaxAge;
    const versionCookie = setCookie(cookieNames.version + version, cookie);
    if (!isDue) return [versionCookie];
    const { text } = isCarried && this.#signed ? this.#signed : ids.sign(stored.id);
    return [setCookie(cookieNames.session + text, cookie), versionCookie];
  }

  refusal(error: unknown): Problem {
    // Not now: the answer leaves even if the program's function throws.
    process.nextTick(this.settings.onError, error, this.req);
    return problemOf(error) ?? new Problem(500, "session-not-stored", "what this request made of its session cannot be stored");
  }

  usualCookie(): CookieStart {
    const { secure, sameSite, ...rest } = this.cookieOptions;
    if (secure !== "auto" && sameSite !== "auto") return this.cookieOptions as CookieStart;
    const isSecure = this.#isSecure();
    const crossSite = isSecure ? "none" : "lax";
    return { ...rest, secure: secure === "auto" ? isSecure : secure, sameSite: sameSite === "auto" ? crossSite : sameSite };
  }

  #attach(stored: StoredSession): void {
    this.#stored = stored;
    this.#session = sessionOf(this, stored);
    this.req.session = this.#session;
    this.req.sessionID = stored.id;
  }

  #detach(): void {
    this.#stored = undefined;
    this.#session = undefined;
  }

  #end(stored: StoredSession): Promise<void> {
    const ending = stored.destroy().then(() => {
      this.#isEnded ||= stored.id === this.#signed?.id;
    });
    const done = (): void => {
      if (this.#ending === ending) this.#ending = undefined;
    };
    this.#ending = ending;
    ending.then(done, done);
    return ending;
  }

  #cleared(): readonly string[] {
    const cookie = new SessionCookie(this.usualCookie());
    if (cookie.secure && !this.#isSecure()) return NONE;
    cookie.expires = LONG_AGO;
    return [setCookie(this.settings.cookieNames.session, cookie), setCookie(this.settings.cookieNames.version, cookie)];
  }

  #isSecure(): boolean {
    return isSecure(this.req, this.settings.proxy);
  }
}

/**
 * Someone ended the session while this request ran: what it changed belongs to nothing any more. The client keeps its session cookie: if it was
 * a login that ended the session, the client has a new one by now, which this response must not take away.
 */
function dropLate(error: unknown): void {
  if (!(error instanceof SessionGone)) throw error;
}
