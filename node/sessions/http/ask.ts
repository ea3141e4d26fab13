import type { IncomingHttpHeaders } from "node:http";
import type { Sessions, Version, WriteOptions } from "../model";
import type { VersionCookie } from "../version-cookie";
import { VERSION_HEADER } from "./answer";
import { type Condition, parseCondition } from "./condition";
import type { JsonObject } from "./json";
import { LIFETIME_HEADER, parseLifetime } from "./lifetime";

/** One request for a session, its headers understood. */
export interface Ask {
  id: string;
  /** What the client carried. */
  seen: Version | undefined;
  ifMatch: Condition | undefined;
  ifNoneMatch: Condition | undefined;
  options: WriteOptions;
  /** Reads the body, which must have one of these media types. Without a body: undefined. */
  content: (types: readonly string[]) => Promise<JsonObject | undefined>;
}

/** What the actions work with. */
export interface Core {
  sessions: Sessions;
  carried: VersionCookie;
  newId: () => string;
  /** Told of faults that no answer waits for. */
  onFault: (error: unknown) => void;
}

/** @throws Problem */
export function askOf({ sessions, carried }: Core, id: string, headers: IncomingHttpHeaders, content: Ask["content"]): Ask {
  const lifetimeMs = parseLifetime(single(headers[LIFETIME_HEADER.toLowerCase()]));
  return {
    id,
    // A version that was not signed here is worth nothing: the store is asked.
    seen: carried.read(id, single(headers[VERSION_HEADER.toLowerCase()]), sessions.newest(id)),
    ifMatch: parseCondition("If-Match", headers["if-match"]),
    ifNoneMatch: parseCondition("If-None-Match", headers["if-none-match"]),
    options: lifetimeMs === undefined ? {} : { lifetimeMs },
    content,
  };
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(", ") : value);
