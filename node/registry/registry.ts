import type { Logger } from "pino";
import { createClient } from "redis";
import type { NodeConfig } from "../../contract/node-config";
import { type NodeEntry, REGISTRY_TTL_MS, registryKey } from "../../contract/registry";

/** For connecting and for each command, in milliseconds. */
const STORE_LIMIT_MS = 2000;
const RECONNECT_MOST_MS = 2000;
/** Failures in a row after which the connection is given up: it may be black-holed, or lead to a primary that is one no more. */
const FAILURES_TO_REOPEN = 3;

export interface Registry {
  /** Writes the node's entry. A store that is away is logged when that changes, and is no failure: the node serves without it. */
  renew(entry: NodeEntry): Promise<void>;
}

export interface RegistryArgs {
  store: Pick<NodeConfig["sessionStore"], "primaryHost" | "port">;
  /** Asked at each connection, since the token may be rotated. */
  token: () => Promise<string>;
  log: Logger;
  /** False only against a test's own server. */
  tls: boolean;
}

export class ValkeyRegistry implements Registry {
  readonly #args: RegistryArgs;
  #client: ReturnType<typeof open>;
  #failures = 0;

  constructor(args: RegistryArgs) {
    this.#args = args;
    this.#client = open(args);
  }

  async renew(entry: NodeEntry): Promise<void> {
    try {
      await this.#client.set(registryKey(entry.id), JSON.stringify(entry), { PX: REGISTRY_TTL_MS });
      if (this.#failures > 0) this.#args.log.info({ failures: this.#failures }, "the session store is there again");
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#args.log.warn({ reason: (error as Error).message }, "the session store is away");
      if (this.#failures % FAILURES_TO_REOPEN === 0) this.#reopen();
    }
  }

  close(): void {
    this.#client.destroy();
  }

  /** A connection that is being made is left to its own reconnecting. */
  #reopen(): void {
    if (!this.#client.isReady) return;
    this.#client.destroy();
    this.#client = open(this.#args);
  }
}

function open({ store, token, log, tls }: RegistryArgs) {
  const socket = {
    host: store.primaryHost,
    port: store.port,
    connectTimeout: STORE_LIMIT_MS,
    reconnectStrategy: (retries: number) => Math.min(100 * 2 ** retries, RECONNECT_MOST_MS),
  };
  const client = createClient({
    socket: tls ? { ...socket, tls: true, servername: store.primaryHost } : socket,
    credentialsProvider: { type: "async-credentials-provider", credentials: async () => ({ password: await token() }) },
    disableOfflineQueue: true,
    commandOptions: { timeout: STORE_LIMIT_MS },
  });
  client.on("error", (error: Error) => log.debug({ reason: error.message }, "session store connection"));
  // Each failure is an "error" event above, and connecting goes on by reconnectStrategy.
  client.connect().catch(() => undefined);
  return client;
}
