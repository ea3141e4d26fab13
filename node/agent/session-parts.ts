import type { Logger } from "pino";
import type { NodeConfig } from "../../contract/node-config";
import { ownerOf } from "../app/own-data";
import { APP_ENV_FILE, APP_USER, TOKEN_FILE } from "../paths";
import { CurrentToken } from "../secrets/current-token";
import { publishToken } from "../secrets/publish-token";
import { Secret } from "../secrets/secret";
import { openDoor } from "./open-sessions";
import { SessionInterface } from "./session-interface";

const TOKEN_TIMING = { lookMs: 30_000, againMs: 5000 };

/** What the agent needs to keep sessions, and to let the application keep them. */
export function sessionParts(config: NodeConfig, log: Logger) {
  const { region, sessionStore } = config;
  const tokenSecret = new Secret(region, sessionStore.authSecretArn);
  const cookieSecret = new Secret(region, sessionStore.cookieSecretArn);
  const token = new CurrentToken({
    read: () => tokenSecret.read(),
    publish: async (text) => publishToken({ token: text, tokenFile: TOKEN_FILE, gid: (await ownerOf(APP_USER)).gid, envFile: APP_ENV_FILE }),
    ...TOKEN_TIMING,
    log,
  });
  const open = async () => {
    await token.token();
    return openDoor({ config, tokenFile: TOKEN_FILE, cookieSecret: await cookieSecret.read(), log });
  };
  return { token, cookieSecret, sessions: new SessionInterface({ open, limitMs: config.sessions.storeTimeoutMs }) };
}
