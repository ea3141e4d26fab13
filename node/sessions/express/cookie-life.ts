import type { WriteOptions } from "../model";

/** The parts of express-session's cookie that say how long it lives. */
interface CookieLife {
  originalMaxAge?: unknown;
  maxAge?: unknown;
  expires?: unknown;
}

/**
 * express-session sets a cookie's maxAge by a date and reads it back from the clock, so that it becomes a millisecond shorter now and then. Such a
 * difference is none: telling the store each time would cost a command.
 */
const DRIFT_PART = 0.01;

/** What the store is told of the cookie. `knownMs`: the session's lifetime so far. No lifetime: the cookie has none of its own. */
export function cookieLife(cookie: CookieLife | undefined, knownMs: number | undefined): WriteOptions {
  const aside = JSON.stringify(cookie ?? null);
  const wantedMs = cookie && lifetimeOf(cookie);
  if (wantedMs === undefined) return { aside };
  const isDrift = knownMs !== undefined && Math.abs(wantedMs - knownMs) <= knownMs * DRIFT_PART;
  return { aside, lifetimeMs: isDrift ? knownMs : wantedMs };
}

/** In milliseconds, at least one: a cookie that has expired ends its session at once. */
function lifetimeOf(cookie: CookieLife): number | undefined {
  const lifetimeMs = finite(cookie.originalMaxAge) ?? finite(cookie.maxAge) ?? finite(leftMs(cookie.expires));
  return lifetimeMs === undefined ? undefined : Math.max(1, Math.round(lifetimeMs));
}

const finite = (ms: unknown): number | undefined => (typeof ms === "number" && Number.isFinite(ms) ? ms : undefined);

const leftMs = (expires: unknown): number | undefined =>
  expires instanceof Date || typeof expires === "string" ? new Date(expires).getTime() - Date.now() : undefined;
