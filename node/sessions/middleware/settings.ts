import type { IncomingMessage } from "node:http";
import { SessionError } from "../errors";
import type { Sessions } from "../model";
import { VersionCookie, versionCookieName } from "../version-cookie";
import type { CookieOptions } from "./cookie-options";
import type { CookieNames } from "./request-cookies";
import { PristineValues } from "./pristine-values";
import { newSessionId } from "./session-id";
import type { SessionOptions } from "./session-options";
import { type Secret, SignedIds } from "./signed-ids";
import type { SessionStock } from "./stored-session";

/** The options, as a middleware uses them. */
export interface Settings extends SessionStock {
  readonly ids: SignedIds;
  readonly versions: VersionCookie;
  readonly cookieNames: CookieNames;
  readonly cookie: (req: IncomingMessage) => CookieOptions;
  readonly newId: (req: IncomingMessage) => string;
  readonly proxy: boolean | undefined;
  readonly rolling: boolean;
  readonly saveUninitialized: boolean;
  readonly unset: "keep" | "destroy";
  readonly onError: (error: unknown, req: IncomingMessage) => void;
}

/** As express-session's. */
const NAME = "connect.sid";

/** `secrets`: the first one signs. */
export function settingsOf(options: SessionOptions, secrets: readonly [Secret, ...Secret[]], sessions: Sessions): Settings {
  const name = options.name ?? options.key ?? NAME;
  const { cookie = {}, genid = newSessionId, onError = warn } = options;
  return {
    sessions,
    pristine: new PristineValues(),
    ids: new SignedIds(secrets),
    versions: new VersionCookie(secrets.map((secret) => (typeof secret === "string" ? secret : Buffer.from(secret).toString("base64url")))),
    cookieNames: { session: `${name}=`, version: `${versionCookieName(name)}=` },
    cookie: typeof cookie === "function" ? cookie : () => cookie,
    newId: (req) => checkedId(genid(req)),
    proxy: options.proxy ?? undefined,
    rolling: options.rolling ?? false,
    saveUninitialized: options.saveUninitialized ?? false,
    unset: options.unset ?? "keep",
    onError,
  };
}

function checkedId(id: unknown): string {
  if (typeof id !== "string") throw new TypeError(`session/genid: must return a text, got ${typeof id}`);
  return id;
}

/** What the core refuses is counted there and told to the client; everything else is a fault of the program, which its author wants to see. */
function warn(error: unknown): void {
  if (!(error instanceof SessionError)) process.emitWarning((error as Error).stack ?? String(error), "SessionWarning");
}
