import { z } from "zod";
import { Copies } from "./copies";
import { DurableSends } from "./durable-sends";
import { Memory } from "./memory";
import type { Counters, Sessions } from "./model";
import { Refill } from "./refill";
import { ReplicaReader } from "./replica-reader";
import { SessionCore } from "./session-core";
import { SessionIds } from "./session-ids";
import { SessionReader } from "./session-reader";
import { SessionWriter } from "./session-writer";
import { ttlOf } from "./snapshot";
import { Store } from "./store";
import { type LinkListener, StoreLink } from "./store-link";

export interface SessionsOptions {
  /** `redis://` or `rediss://`, `user:password@` optional. */
  url: string;
  /** Read only while the primary is away, and only what the client's version proves to be current. */
  readerUrl?: string;
  /** A file with the AUTH token, read at each connection: it may be rotated. Instead of the URL's password. */
  tokenFile?: string;
  /** Default 86,400,000: a day. */
  lifetimeMs?: number;
  /** For copies in this process. Default 64 MiB. */
  memoryBytes?: number;
  /** Of one session, keys and values. Default 262,144. */
  maxSessionBytes?: number;
  /** `memory`: acknowledged when the primary has it (and this process). `replica`: and a replica. Default memory. */
  durability?: "memory" | "replica";
  /** How long a request waits for the store before it is refused, in milliseconds. Default 2000. */
  storeTimeoutMs?: number;
  /** While the store is away: `serve` sessions in memory that the client has seen no newer version of, or `refuse` all. Default serve. */
  whenStoreAway?: "serve" | "refuse";
  /** The release's epoch: the store refuses writes once a newer one is active. Undefined: not checked. */
  epoch?: number;
  /** Told what an operator would want to know; never content, ids or tokens. */
  log?: (event: string, details: Readonly<Record<string, string | number>>) => void;
}

const storeUrl = z.string().refine((text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol), {
  error: "must be a URL that begins with redis:// or rediss://",
});

const optionsSchema = z.strictObject({
  url: storeUrl,
  readerUrl: storeUrl.optional(),
  tokenFile: z.string().min(1).optional(),
  lifetimeMs: z.int().min(1).max(31_536_000_000).default(86_400_000),
  memoryBytes: z
    .int()
    .min(1024 * 1024)
    .default(64 * 1024 * 1024),
  maxSessionBytes: z
    .int()
    .min(1024)
    .max(8 * 1024 * 1024)
    .default(256 * 1024),
  durability: z.enum(["memory", "replica"]).default("memory"),
  storeTimeoutMs: z.int().min(100).max(30_000).default(2000),
  whenStoreAway: z.enum(["serve", "refuse"]).default("serve"),
  epoch: z.int().min(0).optional(),
  log: z.custom<NonNullable<SessionsOptions["log"]>>((value) => typeof value === "function", "must be a function").optional(),
});

/** Connects in the background; `ready()` waits for it. @throws Error that names the option, what it must be and what it is. */
export function openSessions(options: SessionsOptions): Sessions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ path, message }) => `sessions: ${path.join(".")}: ${message}`).join("\n"));
  const { url, readerUrl, tokenFile, durability, storeTimeoutMs, whenStoreAway, maxSessionBytes, lifetimeMs, memoryBytes, epoch } = parsed.data;
  // A fault of the caller's function is the caller's: it must not end a connection.
  const log: NonNullable<SessionsOptions["log"]> = (event, details) => queueMicrotask(() => parsed.data.log?.(event, details));
  const counters = newCounters();
  const memory = new Memory(memoryBytes);
  let lostAt = Number.NEGATIVE_INFINITY;
  const lost = (): void => {
    lostAt = performance.now();
    memory.doubtAll();
    store.renew();
    log("store-lost-data", {});
    void refill.begin();
  };
  const listener: LinkListener = {
    up: (intact) => {
      log("store-there", {});
      if (!intact) lost();
    },
    down: (reason) => log("store-away", { reason }),
    news: (id, version, isDestroyed) => (isDestroyed ? memory.tellDestroyed(id, version) : memory.tell(id, version)),
    changed: (id) => memory.invalidate(id),
    lost,
  };
  const link = new StoreLink({ url, tokenFile }, listener);
  const send = link.send.bind(link);
  const durably = durability === "replica" ? new DurableSends(send, storeTimeoutMs).sendDurably : send;
  const store = new Store(send, durably, epoch, ttlOf(lifetimeMs), (reason) => link.distrust(reason));
  const copies = new Copies(memory, store, link, counters);
  const refill = new Refill(memory, copies, link, ({ message }) => log("session-not-given-back", { reason: message }));
  const replica = readerUrl ? new ReplicaReader({ url: readerUrl, tokenFile }) : undefined;
  const common = { memory, copies, link, counters };
  return new SessionCore({
    ...common,
    lifetimeMs,
    storeTimeoutMs,
    store,
    reader: new SessionReader({ ...common, replica, whenStoreAway, lostAt: () => lostAt }),
    writer: new SessionWriter({ ...common, store, lifetimeMs, maxSessionBytes }),
    ids: new SessionIds(link),
    close: () => {
      link.close();
      replica?.close();
    },
  });
}

const newCounters = (): Counters => ({
  servedFromMemory: 0,
  storeReads: 0,
  storeWrites: 0,
  storeTouches: 0,
  merged: 0,
  conflicts: 0,
  staleCopies: 0,
  refilled: 0,
  lateWrites: 0,
  storeAway: 0,
});
