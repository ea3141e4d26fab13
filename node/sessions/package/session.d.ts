/* eslint-disable @typescript-eslint/no-explicit-any -- requests, sessions and callbacks fit those of Express and of express-session's own types */
/// <reference types="node" />
import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

/** In place of `express-session`: the same options, the same `req.session`. Works with Express 4 and 5, and with any program that has `(req, res, next)`. */
declare function session(options?: session.SessionOptions): session.Middleware;

declare namespace session {
  type Secret = string | Uint8Array;
  type Middleware = (req: any, res: ServerResponse, next: (error?: unknown) => void) => void;
  type Callback = (error?: any) => void;

  interface SessionOptions {
    /** Signs the cookies; of several, the first signs and all verify. Default: SESSION_SECRET, which all nodes share. */
    secret?: Secret | readonly Secret[];
    /** Of the cookie; the version's is named `<name>.v`. Default `connect.sid`. */
    name?: string;
    /** The same as `name`. */
    key?: string;
    cookie?: CookieOptions | ((req: IncomingMessage) => CookieOptions);
    /** Makes the ids: 1-128 visible ASCII characters. Default: 192 random bits. */
    genid?: (req: any) => string;
    /** Whether X-Forwarded-Proto is believed. Default: as Express's `trust proxy` says. */
    proxy?: boolean;
    /** Whether each answer sends the cookie again, with a new end. Default false. */
    rolling?: boolean;
    /** Whether new sessions are stored in which nothing was set. Default false. */
    saveUninitialized?: boolean;
    /** Has no effect: a session is kept alive by its use, without being written. */
    resave?: boolean;
    /** What `req.session = null` does to the stored session. Default `keep`. */
    unset?: "keep" | "destroy";
    /** From `openSessions`. Default: the process's own, opened as the environment says. */
    store?: Sessions;
    /** Told of each error of a session's store. Default: warns of those that are the program's own fault. */
    onError?: (error: unknown, req: IncomingMessage) => void;
  }

  interface CookieOptions {
    /** Milliseconds; also the session's lifetime in the store. */
    maxAge?: number | null;
    expires?: Date | null | false;
    path?: string;
    domain?: string;
    httpOnly?: boolean;
    secure?: boolean | "auto";
    sameSite?: boolean | "lax" | "strict" | "none" | "auto";
    priority?: "low" | "medium" | "high";
    partitioned?: boolean;
  }

  /** The keys of your sessions: `declare module "nplus1/session" { interface SessionData { user: string } }`. */
  interface SessionData {
    cookie: CookieOptions & { originalMaxAge: number | null };
  }

  interface Session extends SessionData {
    readonly id: string;
    save(): Promise<void>;
    save(callback: Callback): this;
    reload(): Promise<void>;
    reload(callback: Callback): this;
    /** A new session with another id, as after a login; `req.session` is the new one. */
    regenerate(): Promise<void>;
    regenerate(callback: Callback): this;
    destroy(): Promise<void>;
    destroy(callback: Callback): this;
    touch(): this;
    resetMaxAge(): this;
    /** Changes the session as nobody else can between: `edit` gets its newest keys, and again if they were changed meanwhile. Not asynchronous. */
    update(edit: (draft: Record<string, any>) => unknown): Promise<void>;
  }

  interface SessionsOptions {
    /** `redis://` or `rediss://`. Default: VALKEY_URL. */
    url: string;
    /** Read only while the primary is away. Default: VALKEY_READER_URL. */
    readerUrl?: string;
    /** Holds the AUTH token, read at each connection. Default: VALKEY_TOKEN_FILE. */
    tokenFile?: string;
    /** For sessions whose cookie has no maxAge. Default: SESSION_LIFETIME_MS, or a day. */
    lifetimeMs?: number;
    /** For copies in this process. Default: SESSION_MEMORY_BYTES, or 64 MiB. */
    memoryBytes?: number;
    /** Of one session. Default: SESSION_MAX_BYTES, or 256 KiB. */
    maxSessionBytes?: number;
    /** `replica`: a change is acknowledged when a replica has it too. Default: SESSION_DURABILITY, or `memory`. */
    durability?: "memory" | "replica";
    /** How long a request waits for the store (100-30000 ms). Default: SESSION_STORE_TIMEOUT_MS, or 2000. */
    storeTimeoutMs?: number;
    /** Default: SESSION_WHEN_STORE_AWAY, or `serve`. */
    whenStoreAway?: "serve" | "refuse";
    /** Told what an operator would want to know; never content, ids or tokens. */
    log?: (event: string, details: Readonly<Record<string, string | number>>) => void;
  }

  /** The connection to the session store and the copies in memory. */
  interface Sessions {
    readonly counters: Readonly<Record<string, number>>;
    /** Resolves when the store can be reached; rejects with StoreAway after the limit. */
    ready(): Promise<void>;
    close(): Promise<void>;
  }

  function openSessions(options?: Partial<SessionsOptions>): Sessions;

  /** A store for express-session, with `versions` before it. Without options it shares the process's connection and memory. */
  class Store extends EventEmitter {
    constructor(options?: Partial<SessionsOptions>);
    readonly sessions: Sessions;
    get(id: string, callback: (error: any, session?: any) => void): void;
    set(id: string, session: any, callback?: Callback): void;
    touch(id: string, session: any, callback?: () => void): void;
    destroy(id: string, callback?: Callback): void;
    all(callback: (error: any, sessions?: { [id: string]: any } | null) => void): void;
    length(callback: (error: any, length?: number) => void): void;
    clear(callback?: Callback): void;
    regenerate(req: any, callback: Callback): void;
    load(id: string, callback: (error: any, session?: any) => void): void;
    createSession(req: any, session: any): any;
    update(id: string, edit: (draft: Record<string, any>) => unknown): Promise<void>;
  }

  /** Stands right before express-session; `name` and `secret` as there. */
  function versions(store: Store, options?: { name?: string; secret?: Secret | readonly Secret[] }): Middleware;

  class SessionError extends Error {
    /** For programs: `store-away`, `session-too-large` … */
    readonly code: string;
    /** The HTTP status that says it best. */
    readonly status: number;
  }
  class StoreAway extends SessionError {}
  class StoreFull extends SessionError {}
  class StoreRefused extends SessionError {}
  class SessionTooLarge extends SessionError {
    readonly bytes: number;
    readonly limitBytes: number;
  }
  class InvalidSessionId extends SessionError {}
  class SessionGone extends SessionError {}
  class VersionConflict extends SessionError {}
  class StaleEpoch extends SessionError {}
}

export = session;
