import { createClient } from "redis";
import type { Snapshot, Version } from "../../../../node/sessions/model";
import { snapshotOf } from "../../../../node/sessions/snapshot";
import { type Send, Store, type WriteCall, type Written } from "../../../../node/sessions/store";
import { type RedisServer, startRedis } from "../redis-server";

/** The scripts of several processes, run directly. */
export interface Stores {
  readonly send: Send;
  store(epoch?: number): Store;
  /** The session as it is, by hand. */
  hash(id: string): Promise<Record<string, string>>;
  snapshot(id: string): Promise<Snapshot>;
  stop(): Promise<void>;
}

export async function startStores(): Promise<Stores> {
  const redis: RedisServer = await startRedis();
  const client = createClient({ url: redis.url });
  await client.connect();
  const send: Send = (args) => client.sendCommand([...args]);
  const hash = async (id: string): Promise<Record<string, string>> => (await send(["HGETALL", `nplus1:session:${id}`])) as Record<string, string>;
  return {
    send,
    store: (epoch) => new Store(send, send, epoch, 60_000, () => undefined),
    hash,
    async snapshot(id) {
      const ttlMs = Number(await send(["PTTL", `nplus1:session:${id}`]));
      const fields = await hash(id);
      return snapshotOf(id, { version: fields["v"] ?? "", ttlMs, hash: Object.entries(fields).flat() }, performance.now());
    },
    async stop() {
      client.destroy();
      await redis.stop();
    },
  };
}

type Given = Partial<WriteCall> & { set?: Record<string, string>; remove?: string[] };

/** A write with the usual arguments; `set` and `remove` instead of a change. */
export function write(store: Store, id: string, { set = {}, remove = [], ...rest }: Given): Promise<Written> {
  const base = rest.base;
  return store.write({
    mode: base ? "merge" : "create",
    id,
    change: { set: new Map(Object.entries(set)), remove: new Set(remove) },
    base,
    copy: undefined,
    known: 0,
    ticket: store.nextTicket(),
    lifetimeMs: base ? undefined : 60_000,
    aside: undefined,
    limitBytes: 1_000_000,
    ...rest,
  });
}

/** Of a write that must have been stored. */
export function storedAs(written: Written): Version {
  if (written.is === "stored") return written.version;
  if (written.is === "whole") return written.snapshot.version;
  throw new Error(`the write was not stored but ${written.is}`);
}
