import type { Logger } from "pino";
import { createClient } from "redis";
import type { NodeConfig } from "../../contract/node-config";

/** For connecting and for each command, in milliseconds. */
const STORE_LIMIT_MS = 2000;
const RECONNECT_MOST_MS = 2000;
/** Failures in a row after which the connection is given up: it may be black-holed, or lead to a primary that is one no more. */
const FAILURES_TO_REOPEN = 2;

export interface StoreConnectionArgs {
  store: Pick<NodeConfig["sessionStore"], "primaryHost" | "port">;
  /** Asked at each connection, since the token may be rotated. */
  token: () => Promise<string>;
  /** Told when the store refuses the token. */
  onRefused: () => void;
  log: Logger;
  /** False only against a test's own server. */
  tls: boolean;
}

export type StoreClient = ReturnType<typeof open>;

/** The agent's one connection to the session store: for the registry, the budget and events. Sessions have their own. */
export class StoreConnection {
  readonly #args: StoreConnectionArgs;
  #client: StoreClient;
  #failures = 0;

  constructor(args: StoreConnectionArgs) {
    this.#args = args;
    this.#client = open(args);
  }

  /** @throws what the command throws; a store that is away is logged when that changes. */
  async run<T>(command: (client: StoreClient) => Promise<T>): Promise<T> {
    try {
      const answer = await within(STORE_LIMIT_MS, command(this.#client));
      if (this.#failures > 0) this.#args.log.info({ failures: this.#failures }, "the session store is there again");
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#args.log.warn({ reason: (error as Error).message }, "the session store is away");
      if (this.#failures % FAILURES_TO_REOPEN === 0) this.#reopen();
      throw error;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #reopen(): void {
    this.#client.removeAllListeners();
    this.#client.on("error", () => undefined);
    this.#client.destroy();
    this.#client = open(this.#args);
  }
}

/** The client's own limit ends once a command is written: a black hole is waited for until TCP gives up. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the store says to a wrong token, and to none. */
const REFUSAL = /^(WRONGPASS|NOAUTH|ERR invalid password)/;

function open({ store, token, onRefused, log, tls }: StoreConnectionArgs) {
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
  client.on("error", (error: Error) => {
    log.debug({ reason: error.message }, "session store connection");
    if (REFUSAL.test(error.message)) onRefused();
  });
  // Each failure is an "error" event above, and connecting goes on by reconnectStrategy.
  client.connect().catch(() => undefined);
  return client;
}
