import type { SessionData } from "express-session";
import type { Change, Snapshot } from "../model";

/** What express-session calls the session's own; all other keys are the program's. */
const COOKIE = "cookie";

/** A session as `get` gives it: new objects each time, for the program may change them. */
export function dataOf({ fields, aside, endsAt }: Snapshot): SessionData {
  const cookie = cookieOf(aside, endsAt);
  const data: Record<string, unknown> = cookie === null ? {} : { [COOKIE]: cookie };
  for (const [name, { json }] of fields) {
    // express-session ignores such a key, and an assignment would change the prototype.
    if (name !== "__proto__" && name !== COOKIE) data[name] = JSON.parse(json);
  }
  return data as unknown as SessionData;
}

/** Null when the session was saved without one. A session that the loopback interface made has an empty one. */
function cookieOf(aside: string, endsAt: number): Record<string, unknown> | null {
  const cookie = JSON.parse(aside === "" ? '{"originalMaxAge":null}' : aside) as Record<string, unknown> | null;
  // The store is told of a longer life once in a tenth of it, so what it knows may be past while the session lives.
  if (cookie !== null && typeof cookie["expires"] === "string" && Date.parse(cookie["expires"]) <= Date.now()) {
    cookie["expires"] = new Date(Date.now() + Math.max(1, endsAt - performance.now())).toISOString();
  }
  return cookie;
}

/** The JSON text of each key, as JSON.stringify would write the whole: keys without a value are left out. @throws TypeError for what JSON cannot hold */
export function fieldsOf(session: object): Map<string, string> {
  const fields = new Map<string, string>();
  for (const name of Object.keys(session)) {
    if (name === COOKIE) continue;
    const json = JSON.stringify((session as Record<string, unknown>)[name]) as string | undefined;
    if (json !== undefined) fields.set(name, json);
  }
  return fields;
}

/** What the session has that its store has not. `stored`: what this session object knows to be stored; keys that others added since are no part of it. */
export function changeOf(session: object, fields: ReadonlyMap<string, string>, stored: ReadonlyMap<string, string>): Change {
  const set = new Map<string, string>();
  for (const [name, json] of fields) if (stored.get(name) !== json) set.set(name, json);
  const remove = new Set<string>();
  for (const name of stored.keys()) {
    if (name === COOKIE) continue;
    // A key that the session object never took over, as its class has that name, was not removed.
    if (!fields.has(name) && (Object.hasOwn(session, name) || !(name in session))) remove.add(name);
  }
  return { set, remove };
}
