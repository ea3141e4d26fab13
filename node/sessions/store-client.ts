import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createClient } from "redis";
import { withoutArguments } from "./errors";

/** Milliseconds, for a connection to be made. */
const CONNECT_LIMIT_MS = 1000;

export interface ClientArgs {
  /** `redis://` or `rediss://`; after the host, `/<number>` for another database than 0. */
  url: string;
  /** Asked at each connection, since the token may be rotated; instead of the URL's password. */
  tokenFile: string | undefined;
  /** Where the URL's name leads now. */
  address: string;
  /** Whether the server tells which keys changed. */
  tracking: boolean;
}

export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, "");

/** One connection, RESP3, that never reconnects by itself: whoever holds it decides where the next one goes. */
export function storeClient({ url, tokenFile, address, tracking }: ClientArgs) {
  const { protocol, port, username, password, pathname } = new URL(url);
  const socket = { host: address, port: Number(port || 6379), connectTimeout: CONNECT_LIMIT_MS, reconnectStrategy: false as const };
  const credentials = async () => ({
    ...(username ? { username: decodeURIComponent(username) } : {}),
    password: tokenFile ? (await readFile(tokenFile, "utf8")).trim() : decodeURIComponent(password),
  });
  return createClient({
    socket: protocol === "rediss:" ? { ...socket, tls: true, ...serverName(hostOf(url)) } : socket,
    database: Number(pathname.slice(1)),
    RESP: 3,
    emitInvalidate: tracking,
    disableOfflineQueue: true,
    // Each request has its own limit, and the link notices by itself when nothing is answered.
    commandOptions: { timeout: undefined },
    maintNotifications: "disabled",
    ...(tokenFile || password ? { credentialsProvider: { type: "async-credentials-provider" as const, credentials } } : {}),
  });
}

/** A certificate names hosts; an address has no name to be asked for. */
const serverName = (host: string): { servername?: string } => (isIP(host) ? {} : { servername: host });

/** Why a connection could not be made, for people: OpenSSL's words come with its source files and line numbers. */
export function whyNot({ message }: Error, url: string): string {
  const [, tls] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? [];
  if (tls) return `TLS: ${tls}`;
  const wantsTls = url.startsWith("rediss:");
  if (message === "Socket closed unexpectedly") return `the server closed the connection${wantsTls ? "" : " (does it want TLS, rediss://?)"}`;
  if (message === "Connection timeout") return `no answer within ${CONNECT_LIMIT_MS} ms${wantsTls ? " (does the server have TLS?)" : ""}`;
  return withoutArguments(message).trim();
}

export type StoreClient = ReturnType<typeof storeClient>;

/** A connection that was given up may end with an error of its own, which nobody waits for. */
export function discard(client: StoreClient): void {
  client.removeAllListeners();
  client.on("error", () => undefined);
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}
