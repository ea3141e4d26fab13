import type { CookieOptions } from "./cookie-options";
import { type CookieAttributes, setCookie } from "./set-cookie";

/** What a cookie is made of: options in which nothing is `auto` any more, or what an earlier request kept. */
export type CookieStart = Omit<CookieOptions, "secure" | "sameSite"> & {
  secure?: boolean | undefined;
  sameSite?: CookieAttributes["sameSite"];
  originalMaxAge?: number | null | undefined;
};

/** `req.session.cookie`, with the members that `express-session` gives it. A session's own: what is changed here is kept with the session. */
export class SessionCookie implements CookieAttributes {
  path: string;
  httpOnly: boolean;
  secure: boolean | undefined;
  domain: string | undefined;
  sameSite: CookieAttributes["sameSite"];
  priority: string | undefined;
  partitioned: boolean | undefined;
  /** Milliseconds from each use of the session to its end. Null: the browser's session. */
  originalMaxAge: number | null = null;
  #expires: Date | null | false = null;

  constructor(start: CookieStart = {}) {
    this.path = start.path ?? "/";
    this.httpOnly = start.httpOnly ?? true;
    this.secure = start.secure;
    this.domain = start.domain;
    this.sameSite = start.sameSite;
    this.priority = start.priority;
    this.partitioned = start.partitioned;
    for (const name of Object.keys(start)) {
      if (name === "maxAge") this.maxAge = start.maxAge ?? null;
      if (name === "expires") this.expires = start.expires ?? null;
    }
    this.originalMaxAge = start.originalMaxAge ?? this.originalMaxAge;
  }

  get expires(): Date | null | false {
    return this.#expires;
  }

  set expires(date: Date | null | false) {
    this.#expires = date;
    this.originalMaxAge = this.maxAge;
  }

  /** Milliseconds that are left. */
  get maxAge(): number | null {
    return this.#expires instanceof Date ? this.#expires.getTime() - Date.now() : null;
  }

  set maxAge(ms: number | null | undefined) {
    const age = ms ?? null;
    if (age !== null && !Number.isFinite(age)) throw new TypeError(`session cookie/maxAge: must be a number of milliseconds, got ${String(ms)}`);
    this.#expires = age === null ? null : new Date(Date.now() + age);
    this.originalMaxAge = age;
  }

  get data(): CookieAttributes & { originalMaxAge: number | null } {
    const { originalMaxAge, partitioned, priority, expires, secure, httpOnly, domain, path, sameSite } = this;
    return { originalMaxAge, partitioned, priority, expires, secure, httpOnly, domain, path, sameSite };
  }

  serialize(name: string, value: string): string {
    return setCookie(`${name}=${encodeURIComponent(value)}`, this);
  }

  toJSON(): object {
    return this.data;
  }
}
