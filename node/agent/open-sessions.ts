import type { Logger } from "pino";
import type { NodeConfig } from "../../contract/node-config";
import { SessionDoor } from "../sessions/http/door";
import { versionKey } from "../sessions/http/version-key";
import { openSessions } from "../sessions/open";
import { VersionCookie } from "../sessions/version-cookie";
import type { OpenDoor } from "./session-interface";

/** From a request's headers to its body's last byte, in milliseconds. */
const BODY_LIMIT_MS = 10_000;

export interface OpenSessionsArgs {
  config: Pick<NodeConfig, "sessionStore" | "sessions">;
  tokenFile: string;
  cookieSecret: string;
  log: Logger;
}

export function openDoor({ config, tokenFile, cookieSecret, log }: OpenSessionsArgs): OpenDoor {
  const { primaryHost, readerHost, port } = config.sessionStore;
  const sessions = openSessions({
    ...config.sessions,
    url: `rediss://${primaryHost}:${port}`,
    readerUrl: `rediss://${readerHost}:${port}`,
    tokenFile,
    log: (event, details) => log.info(details, `sessions: ${event}`),
  });
  const door = new SessionDoor({
    sessions,
    carried: new VersionCookie(versionKey(cookieSecret)),
    maxSessionBytes: config.sessions.maxSessionBytes,
    bodyLimitMs: BODY_LIMIT_MS,
    // The stack and nothing else: an error's own properties may hold what was sent.
    onFault: (error) => log.error({ reason: error instanceof Error ? error.stack : "no error" }, "a request for a session failed"),
  });
  return { door, close: () => sessions.close() };
}
