import { VersionConflict } from "../errors";
import type { Snapshot } from "../model";
import type { Ask } from "./ask";
import { matches, matchesWeakly } from "./condition";
import { Problem } from "./problem";

/** Before a change is made on `current`. @throws VersionConflict, Problem @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2 */
export function mustHold({ ifMatch, ifNoneMatch }: Pick<Ask, "ifMatch" | "ifNoneMatch">, current: Snapshot | undefined): void {
  if (ifMatch !== undefined && !matches(ifMatch, current)) {
    if (current !== undefined) throw new VersionConflict(current);
    throw new Problem(412, "no-such-session", "If-Match: there is no session with this id; nothing was changed");
  }
  if (ifNoneMatch !== undefined && current !== undefined && matchesWeakly(ifNoneMatch, current)) {
    throw new Problem(412, "session-exists", "If-None-Match: there is such a session already; nothing was changed");
  }
}
