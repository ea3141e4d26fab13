import { sessionsOf } from "../environment";
import type { Sessions } from "../model";
import { openSessions } from "../open";

let opened: Sessions | undefined;

/** The process's own, opened as the environment says when it is first asked for. @throws Error that names what is missing in the environment */
export function processSessions(): Sessions {
  opened ??= openSessions(sessionsOf(process.env));
  return opened;
}
