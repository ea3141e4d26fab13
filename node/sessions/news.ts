import type { Version } from "./model";
import { parseVersion } from "./version";

/** What a script told of a session. */
export interface News {
  id: string;
  version: Version;
  isDestroyed: boolean;
}

/** `<id> <version>`, and `d` after it for a session that was destroyed; ids have no spaces. Undefined for anything else: everybody can publish. */
export function parseNews(message: string): News | undefined {
  const [id, text, mark, ...rest] = message.split(" ");
  const version = parseVersion(text ?? "");
  if (!id || version === undefined || (mark !== undefined && mark !== "d") || rest.length > 0) return undefined;
  return { id, version, isDestroyed: mark === "d" };
}
