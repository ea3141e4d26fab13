import type { IncomingMessage } from "node:http";
import type { Sessions } from "../model";
import { type CookieOptions, checkCookieOptions } from "./cookie-options";
import type { Secret } from "./signed-ids";

/** What `express-session` takes, as far as it makes sense here, and `onError`. */
export interface SessionOptions {
  /** Signs the cookies. Of several, the first signs and all verify. Default: SESSION_SECRET of the environment, which all nodes share. */
  secret?: Secret | readonly Secret[] | undefined;
  /** Of the cookie. Default `connect.sid`; the version's cookie is named `<name>.v`. */
  name?: string | undefined;
  /** The same as `name`, as express-session has it. */
  key?: string | undefined;
  cookie?: CookieOptions | ((req: IncomingMessage) => CookieOptions) | undefined;
  /** Makes the ids: 1-128 visible ASCII characters. Default: 192 random bits. */
  genid?: ((req: IncomingMessage) => string) | undefined;
  /** Whether X-Forwarded-Proto is believed. Default: as Express's `trust proxy` says. */
  proxy?: boolean | undefined;
  /** Whether each response sends the cookie again, with a new end. Default false. */
  rolling?: boolean | undefined;
  /** Whether new sessions are stored in which nothing was set. Default false. */
  saveUninitialized?: boolean | undefined;
  /** Has no effect: a session is kept alive by its use, without being written. */
  resave?: boolean | undefined;
  /** What `req.session = null` does to the stored session. Default `keep`. */
  unset?: "keep" | "destroy" | undefined;
  /** From `openSessions`. Default: one for the process, opened as the environment says. */
  store?: Sessions | undefined;
  /** Told of each error of a session's store, and of each value that cannot be stored. Default: warns of those that are the program's own fault. */
  onError?: ((error: unknown, req: IncomingMessage) => void) | undefined;
}

type Check = readonly [must: string, holds: (value: unknown) => boolean];

const BOOLEAN: Check = ["true or false", (value) => typeof value === "boolean"];
const FUNCTION: Check = ["a function", (value) => typeof value === "function"];
/** @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 */
const NAME: Check = ["a cookie's name (letters, digits and !#$%&'*+-.^_`|~)", (value) => /^[\w!#$%&'*+\-.^`|~]+$/.test(String(value))];

const isSecret = (value: unknown): boolean => (typeof value === "string" && value !== "") || (value instanceof Uint8Array && value.length > 0);
const isStore = (value: unknown): boolean =>
  ["peek", "read", "create", "merge", "update", "touch", "destroy", "newest"].every(
    (name) => typeof (value as Record<string, unknown>)[name] === "function",
  );

const CHECKS: { readonly [K in keyof Required<SessionOptions>]: Check } = {
  secret: ["a text, or a list of one or more", (value) => (Array.isArray(value) ? value.length > 0 && value.every(isSecret) : isSecret(value))],
  name: NAME,
  key: NAME,
  cookie: ["an object, or a function that makes one", (value) => typeof value === "object" || typeof value === "function"],
  genid: FUNCTION,
  proxy: BOOLEAN,
  rolling: BOOLEAN,
  saveUninitialized: BOOLEAN,
  resave: BOOLEAN,
  unset: ['"keep" or "destroy"', (value) => value === "keep" || value === "destroy"],
  store: ["what openSessions returns; stores of express-session work with express-session only", isStore],
  onError: FUNCTION,
};

/** @throws TypeError that names the option, what it must be and what it is; never the secret. */
export function checkSessionOptions(options: SessionOptions): void {
  for (const [name, value] of Object.entries<unknown>({ ...options })) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof SessionOptions] : undefined;
    if (check === undefined) throw new TypeError(`session/${name}: no such option; there are ${Object.keys(CHECKS).join(", ")}`);
    if (value === undefined || value === null) continue;
    if (!check[1](value)) throw new TypeError(`session/${name}: must be ${check[0]}, got ${shown(name, value)}`);
  }
  if (typeof options.cookie === "object" && options.cookie !== null) checkCookieOptions(options.cookie);
}

/** @throws TypeError when there is none */
export function secretsOf({ secret }: SessionOptions, environment: string | undefined): readonly [Secret, ...Secret[]] {
  const given: Secret | readonly Secret[] = secret ?? environment ?? [];
  const [first, ...others] = typeof given === "string" || given instanceof Uint8Array ? [given] : given;
  if (first === undefined || first === "")
    throw new TypeError("session/secret: must be a text, or SESSION_SECRET must be in the environment, got neither");
  return [first, ...others];
}

/** A secret is not for logs. */
function shown(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list with something else in it";
  if (typeof value === "object" || typeof value === "function") return `another ${typeof value}`;
  return name === "secret" ? typeof value : JSON.stringify(value);
}
