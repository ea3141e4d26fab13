import { processSessions } from "./process-sessions";
import { type SessionMiddleware, withSessions } from "./with-sessions";
import { checkSessionOptions, type SessionOptions, secretsOf } from "./session-options";
import { settingsOf } from "./settings";

/** In place of `express-session`: the same options, the same `req.session`. @throws TypeError that names the option that is wrong */
export function session(options: SessionOptions = {}): SessionMiddleware {
  checkSessionOptions(options);
  const secrets = secretsOf(options, process.env.SESSION_SECRET);
  return withSessions(settingsOf(options, secrets, options.store ?? processSessions()));
}
