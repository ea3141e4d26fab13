import type { NodeConfig } from "../../contract/node-config";

export interface AppEnvArgs {
  nodeId: string;
  appPort: number;
  agentPort: number;
  /** Globs of `nplus1.yaml` are relative to it. */
  folder: string;
  store: NodeConfig["sessionStore"];
  token: string;
}

/** What every application gets. From issue 4 the agent answers at SESSION_URL. */
export const appEnv = (args: AppEnvArgs): Record<string, string> => ({
  PORT: String(args.appPort),
  NODE_ID: args.nodeId,
  SETTINGS_DIR: args.folder,
  DATA_DIR: args.folder,
  SESSION_URL: `http://127.0.0.1:${args.agentPort}`,
  VALKEY_URL: valkeyUrl(args.store.primaryHost, args.store.port, args.token),
});

const valkeyUrl = (host: string, port: number, token: string): string => `rediss://:${percentEncoded(token)}@${host}:${port}`;

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
