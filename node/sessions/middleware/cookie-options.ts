/** What `express-session` takes for its cookie, with the same meaning. */
export interface CookieOptions {
  /** Milliseconds; also the session's lifetime in the store. Null: until the browser is closed, and in the store as long as the store's default. Default null. */
  maxAge?: number | null | undefined;
  /** Instead of maxAge; of the two, the last one named counts. */
  expires?: Date | null | false | undefined;
  /** Default `/`. Requests to other paths have no session. */
  path?: string | undefined;
  domain?: string | undefined;
  /** Default true. */
  httpOnly?: boolean | undefined;
  /** `auto`: as the request came. A secure cookie is not sent over an insecure connection. Default false. */
  secure?: boolean | "auto" | undefined;
  /** `auto`: `none` when the request came by TLS, else `lax`. Default: not said. */
  sameSite?: boolean | "lax" | "strict" | "none" | "auto" | undefined;
  priority?: "low" | "medium" | "high" | undefined;
  partitioned?: boolean | undefined;
}

type Check = readonly [must: string, holds: (value: unknown) => boolean];

const BOOLEAN: Check = ["true or false", (value) => typeof value === "boolean"];
/** What may stand in an attribute of a cookie. @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 */
const ATTRIBUTE = /^[ -:<-~]+$/;

const CHECKS: { readonly [K in keyof Required<CookieOptions>]: Check } = {
  maxAge: ["a number of milliseconds", (value) => typeof value === "number" && Number.isFinite(value)],
  expires: ["a valid Date", (value) => value === false || (value instanceof Date && !Number.isNaN(value.getTime()))],
  path: ["a path that begins with /", (value) => typeof value === "string" && value.startsWith("/") && ATTRIBUTE.test(value)],
  domain: ["a domain's name", (value) => typeof value === "string" && /^[\w.-]+$/.test(value)],
  httpOnly: BOOLEAN,
  secure: ['true, false or "auto"', (value) => typeof value === "boolean" || value === "auto"],
  sameSite: [
    'true, false, "lax", "strict", "none" or "auto"',
    (value) => typeof value === "boolean" || (typeof value === "string" && /^(lax|strict|none|auto)$/i.test(value)),
  ],
  priority: ['"low", "medium" or "high"', (value) => typeof value === "string" && /^(low|medium|high)$/i.test(value)],
  partitioned: BOOLEAN,
};

/** @throws TypeError that names the option, what it must be and what it is. */
export function checkCookieOptions(options: unknown): asserts options is CookieOptions {
  if (typeof options !== "object" || options === null) throw new TypeError(`session/cookie: must be an object, got ${typeof options}`);
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof CookieOptions] : undefined;
    if (check === undefined) throw new TypeError(`session/cookie/${name}: no such option; there are ${Object.keys(CHECKS).join(", ")}`);
    if (value === undefined || value === null) continue;
    if (!check[1](value)) throw new TypeError(`session/cookie/${name}: must be ${check[0]}, got ${String(value)}`);
  }
}
