import { InvalidSessionId } from "../errors";

/** `all` is /sessions, `one` a session, `regenerate` its one action. */
export type Route = { kind: "all" } | { kind: "one" | "regenerate"; id: string };

export const SESSIONS_PATH = "/sessions";

/** Never resolved like a file's path: what the gate passes on could climb out of its own prefix with `/..`. */
const PATH = /^\/sessions(?:\/([^/?#]+)(\/regenerate)?)?$/;

export const isSessionsPath = (url: string): boolean => /^\/sessions(?:[/?#]|$)/.test(url);

/** Undefined for a path that leads nowhere. @throws InvalidSessionId */
export function routeOf(url: string): Route | undefined {
  const found = PATH.exec(url);
  if (found === null) return undefined;
  const [, segment, action] = found;
  if (segment === undefined) return { kind: "all" };
  return { kind: action === undefined ? "one" : "regenerate", id: sessionId(segment) };
}

export const pathOf = (id: string): string => `${SESSIONS_PATH}/${encodeURIComponent(id)}`;

/** Decoded once: `%252e` is the id `%2e`, and no dot. */
function sessionId(segment: string): string {
  let id: string;
  try {
    id = decodeURIComponent(segment);
  } catch {
    throw new InvalidSessionId();
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(id)) throw new InvalidSessionId();
  return id;
}
