import { sessionsOf } from "../environment";
import {
  InvalidSessionId,
  SessionError,
  SessionGone,
  SessionTooLarge,
  StaleEpoch,
  StoreAway,
  StoreFull,
  StoreRefused,
  VersionConflict,
} from "../errors";
import { SessionStore } from "../express/store";
import { versions } from "../express/versions";
import { processSessions } from "../middleware/process-sessions";
import { session } from "../middleware/session-middleware";
import { openSessions, type SessionsOptions } from "../open";

/** For express-session. Without options it shares the process's connection and memory with the middleware. */
class Store extends SessionStore {
  constructor(options?: Partial<SessionsOptions>) {
    super(options ? openSessions(sessionsOf(process.env, options)) : processSessions());
  }
}

/** `require("nplus1/session")`; session.d.ts says the same in types. */
export = Object.assign(session, {
  Store,
  versions,
  openSessions: (options?: Partial<SessionsOptions>) => openSessions(sessionsOf(process.env, options)),
  SessionError,
  StoreAway,
  StoreFull,
  StoreRefused,
  SessionTooLarge,
  InvalidSessionId,
  SessionGone,
  VersionConflict,
  StaleEpoch,
});
