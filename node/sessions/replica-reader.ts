import { lookup } from "node:dns/promises";
import { sessionKey } from "../../contract/sessions";
import { firstOf } from "./deadline";
import type { Snapshot, Version } from "./model";
import { READ } from "./scripts/read";
import { found, run } from "./store";
import { discard, hostOf, type StoreClient, storeClient } from "./store-client";
import type { StoreAddress } from "./store-link";
import { includes } from "./version";

/** For connecting and asking, in milliseconds. */
const LIMIT_MS = 300;

interface Connection {
  ready: Promise<StoreClient>;
  client: StoreClient | undefined;
  isOver: boolean;
}

/**
 * The reader endpoint, asked only while the primary is away: a replica may lag, so its answer counts only when the version that the client
 * carried proves it current.
 */
export class ReplicaReader {
  #connection: Connection | undefined;

  constructor(private readonly address: StoreAddress) {}

  async read(id: string, seen: Version, limitMs: number): Promise<Snapshot | undefined> {
    this.#connection ??= this.#connect();
    const connection = this.#connection;
    try {
      const snapshot = await firstOf(ask(connection, id), Math.min(limitMs, LIMIT_MS), () => {
        throw new Error(`no answer within ${LIMIT_MS} ms`);
      });
      return snapshot && includes(snapshot, seen) ? snapshot : undefined;
    } catch {
      // No answer is one too: the caller then waits for the primary.
      this.#end(connection);
      return undefined;
    }
  }

  close(): void {
    if (this.#connection) this.#end(this.#connection);
  }

  #connect(): Connection {
    const connection: Connection = { ready: this.#open(() => connection), client: undefined, isOver: false };
    return connection;
  }

  async #open(self: () => Connection): Promise<StoreClient> {
    const { address } = await lookup(hostOf(this.address.url));
    const connection = self();
    if (connection.isOver) throw new Error("it was closed");
    const client = storeClient({ ...this.address, address, tracking: false });
    connection.client = client;
    client.on("error", () => this.#end(connection));
    client.on("end", () => this.#end(connection));
    await client.connect();
    return client;
  }

  #end(connection: Connection): void {
    connection.isOver = true;
    if (connection.client) discard(connection.client);
    if (this.#connection === connection) this.#connection = undefined;
  }
}

async function ask({ ready }: Connection, id: string): Promise<Snapshot | undefined> {
  const client = await ready;
  const askedAt = performance.now();
  const answer = found(id, await run((args) => client.sendCommand(args), READ, [sessionKey(id)], [""]), askedAt);
  return answer.is === "whole" ? answer.snapshot : undefined;
}
