import type { SessionsOptions } from "./open";

const TEXTS = {
  url: "VALKEY_URL",
  readerUrl: "VALKEY_READER_URL",
  tokenFile: "VALKEY_TOKEN_FILE",
  durability: "SESSION_DURABILITY",
  whenStoreAway: "SESSION_WHEN_STORE_AWAY",
} as const;

const NUMBERS = {
  lifetimeMs: "SESSION_LIFETIME_MS",
  memoryBytes: "SESSION_MEMORY_BYTES",
  maxSessionBytes: "SESSION_MAX_BYTES",
  storeTimeoutMs: "SESSION_STORE_TIMEOUT_MS",
} as const;

/**
 * What the environment says of the session store, and what the program says in its place. A node gives its application all of it, from the
 * stack's configuration. @throws Error that names the variable
 */
export function sessionsOf(env: NodeJS.ProcessEnv, given: Partial<SessionsOptions> = {}): SessionsOptions {
  const options: Record<string, string | number> = {};
  for (const [option, name] of Object.entries(TEXTS)) {
    const text = env[name];
    if (text) options[option] = text;
  }
  for (const [option, name] of Object.entries(NUMBERS)) {
    const text = env[name];
    if (!text) continue;
    if (!/^\d{1,15}$/.test(text)) throw new Error(`${name}: must be a whole number, got ${text}`);
    options[option] = Number(text);
  }
  const { url, ...others } = { ...options, ...given };
  if (url) return { url, ...others };
  throw new Error(`${TEXTS.url}: must be the session store's address, as redis://127.0.0.1:6379, got nothing; a node of the cluster sets it`);
}
