import type { Snapshot } from "../model";
import { type CookieStart, SessionCookie } from "./session-cookie";

/** What `express-session` keeps of a cookie. */
type KeptCookie = Omit<CookieStart, "expires" | "maxAge"> & { originalMaxAge: number | null };

/** The cookie of a session in the store. What the options say holds for all sessions whose cookie the program did not change. */
export function cookieOf({ aside, lifetimeMs, endsAt }: Snapshot, usual: CookieStart, now: number): SessionCookie {
  const { expires: _, maxAge: __, ...start }: CookieStart = aside === "" ? usual : (JSON.parse(aside) as KeptCookie);
  const asked = aside === "" ? new SessionCookie(usual).originalMaxAge : (start.originalMaxAge ?? null);
  if (asked === null) return new SessionCookie(start);
  const originalMaxAge = aside === "" ? lifetimeMs : asked;
  return new SessionCookie({ ...start, maxAge: Math.min(originalMaxAge, Math.floor(endsAt - now)), originalMaxAge });
}

/** What is to be kept of the cookie: nothing when it is what the options make of it, but for its age, which is the session's lifetime. */
export function asideOf(cookie: SessionCookie, usual: CookieStart): string {
  const normal = new SessionCookie(usual);
  if ((normal.originalMaxAge === null) === (cookie.originalMaxAge === null)) normal.originalMaxAge = cookie.originalMaxAge;
  return lasting(normal) === lasting(cookie) ? "" : JSON.stringify(cookie);
}

/** The cookie without its date, which every use of the session moves. */
export const lasting = (cookie: SessionCookie): string => JSON.stringify({ ...cookie.data, expires: undefined });
