import type { NodeConfig } from "../../contract/node-config";

export interface AppEnvArgs {
  nodeId: string;
  appPort: number;
  agentPort: number;
  /** Globs of `nplus1.yaml` are relative to it. */
  folder: string;
  store: Pick<NodeConfig["sessionStore"], "primaryHost" | "readerHost" | "port">;
  sessions: NodeConfig["sessions"];
  token: string;
  tokenFile: string;
  /** Signs session cookies, the same on all nodes. */
  cookieSecret: string;
  /** Certificates that the system trusts. */
  caBundle: string;
  /** What Node.js programs load, and where they then find the agent. Undefined: they load nothing. */
  watchdog: { file: string; socket: string } | undefined;
}

/** What every application gets; docs/application.md tells it. */
export const appEnv = ({ store, sessions, ...args }: AppEnvArgs): Record<string, string> => ({
  PORT: String(args.appPort),
  NODE_ID: args.nodeId,
  SETTINGS_DIR: args.folder,
  DATA_DIR: args.folder,
  SESSION_URL: `http://127.0.0.1:${args.agentPort}`,
  SESSION_SECRET: args.cookieSecret,
  SESSION_LIFETIME_MS: String(sessions.lifetimeMs),
  SESSION_MEMORY_BYTES: String(sessions.memoryBytes),
  SESSION_MAX_BYTES: String(sessions.maxSessionBytes),
  SESSION_DURABILITY: sessions.durability,
  SESSION_STORE_TIMEOUT_MS: String(sessions.storeTimeoutMs),
  SESSION_WHEN_STORE_AWAY: sessions.whenStoreAway,
  VALKEY_URL: valkeyUrl(store.primaryHost, store.port, args.token),
  VALKEY_READER_URL: valkeyUrl(store.readerHost, store.port, args.token),
  VALKEY_TOKEN_FILE: args.tokenFile,
  // Node.js alone brings its own list, which lacks what an operator adds to the system's. Older than NODE_USE_SYSTEM_CA: every version knows it.
  NODE_EXTRA_CA_CERTS: args.caBundle,
  ...(args.watchdog && { NODE_OPTIONS: `--require=${args.watchdog.file}`, NPLUS1_WATCHDOG_SOCKET: args.watchdog.socket }),
});

const valkeyUrl = (host: string, port: number, token: string): string => `rediss://:${percentEncoded(token)}@${host}:${port}`;

const TOKEN_IN_URL = /^(VALKEY(?:_READER)?_URL=rediss:\/\/:)([^@\n]*)@/gm;

/** An environment file whose URLs have another token: for the application's next start. */
export const withToken = (envFile: string, token: string): string =>
  envFile.replaceAll(TOKEN_IN_URL, (_, before: string) => `${before}${percentEncoded(token)}@`);

/** What an application could say of its environment and must not be shown. */
export function secretsIn(envFile: string): string[] {
  const encoded = [...envFile.matchAll(TOKEN_IN_URL)].map(([, , token = ""]) => token);
  const [, cookieSecret = ""] = /^SESSION_SECRET=(.*)$/m.exec(envFile) ?? [];
  return [...new Set([...encoded, ...encoded.map(decodeURIComponent), cookieSecret])].filter((secret) => secret !== "");
}

/** `encodeURIComponent` leaves `!'()*~`, and a quote means something in an environment file. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** systemd's environment file. Values are ours: plain words without quotes, spaces or line ends. */
export function renderEnvFile(env: Readonly<Record<string, string>>): string {
  for (const [key, value] of Object.entries(env)) {
    if (!/^[\w%+,./:=@-]*$/.test(value)) throw new Error(`${key}: must have no character that means something in an environment file`);
  }
  return Object.entries(env)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
