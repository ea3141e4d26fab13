import type { IncomingMessage, ServerResponse } from "node:http";
import type { Session, SessionData } from "express-session";
import { Problem, problemOf } from "../http/problem";
import { type Departure, GuardedResponse } from "../middleware/guarded-response";
import type { Version } from "../model";
import type { VersionCookie } from "../version-cookie";
import type { Callback } from "./answer";
import { cookieIn } from "./cookie-in";
import type { SessionStore } from "./store";

type Request = IncomingMessage & { sessionID?: string; session?: (Session & SessionData) | null };

/** What all requests to one `versions` have in common. */
export interface Versions {
  readonly store: SessionStore;
  readonly cookie: VersionCookie;
  /** Of the session's cookie, and of the one beside it. */
  readonly sessionName: string;
  readonly versionName: string;
}

type End = (...args: unknown[]) => unknown;

const EXCHANGE = Symbol("exchange");
type Known = { [EXCHANGE]?: Exchange };

export const exchangeOf = (req: object): Exchange | undefined => (req as Known)[EXCHANGE];

/** One request and its answer: what its client has seen, what it does to its session, and the answer that waits until that is stored. */
export class Exchange implements Departure {
  readonly #carried: string | undefined;
  #seen: { id: string; version: Version } | undefined;
  #sessionEnd: End | undefined;
  #isEnding = false;
  #isSavingFirst = false;
  /** Calls to the store that are under way. */
  #pending = 0;
  #waiting: (() => void)[] = [];
  #failure: Error | undefined;
  /** The program does not know of the failure. */
  #isOurs = false;

  constructor(
    private readonly versions: Versions,
    private readonly req: Request,
    private readonly res: ServerResponse,
  ) {
    this.#carried = cookieIn(req.headers.cookie, versions.versionName);
    new GuardedResponse(res, this);
    (req as Known)[EXCHANGE] = this;
    (res as Known)[EXCHANGE] = this;
  }

  /** The version of this session that the client has seen. */
  seen(id: string): Version | undefined {
    const { store, cookie } = this.versions;
    const version = cookie.read(id, this.#carried, store.sessions.newest(id));
    this.#seen = version && { id, version };
    return version;
  }

  /** express-session has put its own `end` over the response's: ours comes before that. */
  enter(session: Session): void {
    Object.defineProperty(session, "destroy", DESTROY);
    if (this.#sessionEnd !== undefined) return;
    const res = this.res as unknown as { end: End };
    this.#sessionEnd = res.end;
    res.end = endOf;
  }

  end(args: unknown[]): unknown {
    this.#isEnding = true;
    return this.acting(() => this.#sessionEnd?.apply(this.res, args));
  }

  acting<T>(run: () => T): T {
    return this.versions.store.acting(this, run);
  }

  /** The answer waits until the callback is called. What fails while express-session ends the response is for this exchange to tell. */
  during(callback: Callback): Callback {
    const isSavingFirst = this.#isSavingFirst;
    this.#pending += 1;
    return (error) => {
      this.#pending -= 1;
      const isOurs = Boolean(error) && (isSavingFirst || this.#isEnding);
      if (error) this.#failure = error instanceof Error ? error : new Error("the session store failed", { cause: error });
      this.#isOurs ||= isOurs;
      callback(isOurs ? null : error);
      if (this.#pending === 0) for (const go of this.#waiting.splice(0)) go();
    };
  }

  commit(): Promise<void> | undefined {
    // A head that goes before the response ends, as a stream's does: the session is saved first, so that the head can say its version.
    if (!this.#isEnding && !this.res.headersSent && this.#pending === 0) this.#saveFirst();
    if (this.#pending === 0) {
      const failure = this.#untrue();
      return failure && Promise.reject(failure);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        const failure = this.#untrue();
        if (failure) reject(failure);
        else resolve();
      });
    });
  }

  cookies(): readonly string[] {
    const { session, sessionID: id } = this.req;
    if (!session || typeof id !== "string") return [];
    const { store, cookie, sessionName, versionName } = this.versions;
    const newest = store.versionOf(id, session);
    // Never an older one: answers to one client may overtake each other.
    if (newest === undefined || (this.#seen?.id === id && newest.n < this.#seen.version.n)) return [];
    const value = cookie.print(id, newest);
    if (value === this.#carried || !this.#clientHas(id, sessionName)) return [];
    // The session cookie's attributes, but no end of its own: a client that forgets it costs one question to the store.
    const like = Object.create(session.cookie, { _expires: { value: null } }) as { serialize(name: string, value: string): string };
    return [like.serialize(versionName, value)];
  }

  refusal(error: unknown): Problem {
    const problem = problemOf(error);
    // No refusal of the core but a fault, which nobody else will tell of.
    if (problem === undefined) process.emitWarning("a session could not be stored", { detail: (error as Error).stack });
    return problem ?? new Problem(500, "session-not-stored", "what this request made of its session cannot be stored");
  }

  #saveFirst(): void {
    const { session } = this.req;
    if (!session || this.#failure !== undefined || !this.versions.store.isUnsaved(session)) return;
    this.#isSavingFirst = true;
    session.save(() => undefined);
    this.#isSavingFirst = false;
  }

  /** The failure that this answer would hide. A program that was told may say so in its own words, or have stored the session after all. */
  #untrue(): Error | undefined {
    if (this.#failure === undefined || this.#isOurs) return this.#failure;
    const { session } = this.req;
    const isTold = this.res.statusCode >= 400 || (session && !this.versions.store.isUnsaved(session));
    return isTold ? undefined : this.#failure;
  }

  /** It sent the session's cookie, or gets it with this answer. */
  #clientHas(id: string, sessionName: string): boolean {
    if (this.req.headers.cookie?.includes(encodeURIComponent(id))) return true;
    const set = this.res.getHeader("Set-Cookie");
    return [set].flat().some((cookie) => typeof cookie === "string" && cookie.startsWith(`${sessionName}=`));
  }
}

function endOf(this: ServerResponse, ...args: unknown[]): unknown {
  return exchangeOf(this)?.end(args);
}

const DESTROY: PropertyDescriptor = {
  configurable: true,
  enumerable: false,
  writable: true,
  value: function destroy(this: Session & { req: Request }, callback: Callback): Session {
    const { destroy } = Object.getPrototypeOf(this) as { destroy: (this: Session, callback: Callback) => Session };
    const run = (): Session => destroy.call(this, callback);
    return exchangeOf(this.req)?.acting(run) ?? run();
  },
};
