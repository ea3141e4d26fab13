import { ErrorReply } from "redis";
import { SESSION_MARKER_KEY, SESSION_PREFIX } from "../../contract/sessions";
import { firstOf } from "./deadline";
import { LinkLost, StoreFull, StoreRefused, withoutArguments } from "./errors";
import { type Greeting, newMarker, shakeHands } from "./handshake";
import type { Version } from "./model";
import { parseNews } from "./news";
import { PrimaryName } from "./primary-name";
import { BEAT_MS, DEAD_REASON, Pulse } from "./pulse";
import { discard, hostOf, type StoreClient, storeClient, whyNot } from "./store-client";
import { Waiters } from "./waiters";

/** All in milliseconds. */
const NAME_CHECK_MS = 2000;
/** For connecting, authentication and the first commands. */
const OPEN_LIMIT_MS = 1500;
const RETRY_LEAST_MS = 50;
const RETRY_MOST_MS = 500;

/** Reads, but counts as a write: a server that is no primary any more refuses it. One without memory does not. */
const BEAT = ["GETEX", SESSION_MARKER_KEY];

/** Errors of a server that is no primary (any more), or not yet. */
const NOT_THE_PRIMARY = /^(READONLY|MASTERDOWN|LOADING)/;

/** A primary that refuses writes for the moment: all that it has told before has arrived. */
const ALIVE = /^(NOREPLICAS|MISCONF|OOM|BUSY)/;

export interface StoreAddress {
  url: string;
  tokenFile: string | undefined;
}

export interface LinkListener {
  /** A connection is there. `intact`: to the same server with the same data as the last one. */
  up(intact: boolean): void;
  down(reason: string): void;
  news(id: string, version: Version, isDestroyed: boolean): void;
  /** A key was changed, by whomever. */
  changed(id: string): void;
  /** The store was found to have lost its data. */
  lost(): void;
}

/**
 * The one connection to the primary: commands, news and invalidations come in one ordered stream, so an answered command proves that all news
 * before it has arrived. A connection that gives no sign of life, or whose server is no primary, is given up and another one made.
 */
export class StoreLink {
  readonly #args: StoreAddress;
  readonly #listener: LinkListener;
  readonly #waiters = new Waiters();
  readonly #name: PrimaryName;
  readonly #timers: NodeJS.Timeout[];
  #retry: NodeJS.Timeout | undefined;
  #tracking = true;
  #client: StoreClient | undefined;
  /** Ends the attempt to connect that is going on. */
  #abort: ((reason: Error) => void) | undefined;
  #address = "";
  #identity = "";
  /** Undefined: whatever it is, what that means is known already. */
  #marker: string | null | undefined;
  /** Of the client. */
  #pulse = new Pulse(Number.NEGATIVE_INFINITY);
  #isClosed = false;
  /** Counts connections: what was read over an earlier one may have missed news. */
  generation = 0;
  reason = "not connected yet";

  constructor(args: StoreAddress, listener: LinkListener) {
    this.#args = args;
    this.#listener = listener;
    this.#name = new PrimaryName(hostOf(args.url));
    this.#timers = [setInterval(() => this.#tick(), BEAT_MS), setInterval(() => void this.checkName(), NAME_CHECK_MS)];
    void this.#connect(0);
  }

  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /** Whether news can be trusted to have arrived. */
  isLive(now: number): boolean {
    return this.#client !== undefined && this.#pulse.isLive(now);
  }

  /** @throws LinkLost, StoreFull, StoreRefused, or the NOSCRIPT error as it is */
  async send(args: readonly string[]): Promise<unknown> {
    const client = this.#client;
    if (client === undefined) throw new LinkLost(this.reason);
    const pulse = this.#pulse;
    const sentAt = performance.now();
    try {
      const answer = await client.sendCommand(args);
      pulse.prove(sentAt);
      return answer;
    } catch (error) {
      throw this.#named(client, error as Error);
    }
  }

  /** Resolves true when the link is up, false at the limit. */
  whenUp(limitMs: number): Promise<boolean> {
    return this.isUp || this.#isClosed ? Promise.resolve(this.isUp) : this.#waiters.wait(limitMs);
  }

  /** The connection is given up, and another one made. */
  distrust(reason: string): void {
    if (this.#client) this.#giveUp(this.#client, reason);
  }

  /** A failover may leave the old primary answering: its name then leads elsewhere, and the connection is given up. */
  async checkName(): Promise<void> {
    const client = this.#client;
    if (client && (await this.#name.leadsElsewhere(this.#address))) this.#giveUp(client, "the primary's name leads elsewhere");
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of [...this.#timers, this.#retry]) clearTimeout(timer);
    this.reason = "closed";
    this.#waiters.release(false);
    this.#abort?.(new Error(this.reason));
    const client = this.#client;
    this.#client = undefined;
    if (client) discard(client);
  }

  async #connect(attempt: number): Promise<void> {
    let client: StoreClient | undefined;
    try {
      const address = await this.#name.address(attempt);
      if (this.#isClosed) return;
      client = storeClient({ ...this.#args, address, tracking: this.#tracking });
      const greeting = await this.#opened(client);
      if (!client.isReady) throw new Error("the connection was lost");
      this.#address = address;
      this.#use(client, greeting);
    } catch (error) {
      if (client) discard(client);
      if (!this.#isClosed) this.#failed(error as Error, attempt);
    }
  }

  #failed(error: Error, attempt: number): void {
    const reason = whyNot(error, this.#args.url);
    if (reason !== this.reason) this.#listener.down(reason);
    this.reason = reason;
    // A server without tracking (ElastiCache Serverless) still publishes the news.
    if (/tracking/i.test(error.message)) this.#tracking = false;
    this.#retry = setTimeout(() => void this.#connect(attempt + 1), Math.min(RETRY_LEAST_MS * 2 ** attempt, RETRY_MOST_MS));
  }

  /** Connected and greeted, or an error within the limit: a black hole gives no answer at all. */
  async #opened(client: StoreClient): Promise<Greeting> {
    let failure = "the server closed the connection";
    client.on("error", (error: Error) => {
      failure = withoutArguments(error.message);
      this.#giveUp(client, failure);
    });
    client.on("end", () => this.#giveUp(client, failure));
    const ears = { news: (message: string) => this.#heard(message), invalidated: (key: Buffer | string | null) => this.#invalidated(key) };
    const opening = client.connect().then(() => shakeHands(client, this.#tracking, ears));
    const aborted = new Promise<never>((_, reject) => {
      this.#abort = reject;
    });
    try {
      return await firstOf(Promise.race([opening, aborted]), OPEN_LIMIT_MS, () => {
        throw new Error(`no answer within ${OPEN_LIMIT_MS} ms`);
      });
    } finally {
      this.#abort = undefined;
    }
  }

  #use(client: StoreClient, { identity, marker, heardSince }: Greeting): void {
    const isIntact = this.#identity === "" || (identity === this.#identity && marker !== null && marker === this.#marker);
    this.#identity = identity;
    this.#marker = marker;
    this.#client = client;
    this.#pulse = new Pulse(heardSince);
    this.generation += 1;
    this.reason = "";
    this.#listener.up(isIntact);
    this.#waiters.release(true);
  }

  #heard(message: string): void {
    const news = parseNews(message);
    if (news) this.#listener.news(news.id, news.version, news.isDestroyed);
  }

  #invalidated(key: Buffer | string | null): void {
    if (key === null) {
      this.#marker = undefined;
      return this.#listener.lost();
    }
    const name = String(key);
    if (name.startsWith(SESSION_PREFIX)) this.#listener.changed(name.slice(SESSION_PREFIX.length));
  }

  #named(client: StoreClient, error: Error): Error {
    if (!(error instanceof ErrorReply)) return new LinkLost(this.isUp ? error.message : this.reason);
    const { message } = error;
    if (message.startsWith("NOSCRIPT")) return error;
    if (NOT_THE_PRIMARY.test(message)) this.#giveUp(client, message);
    if (NOT_THE_PRIMARY.test(message) || message.startsWith("NOREPLICAS")) return new LinkLost(message);
    return message.startsWith("OOM") ? new StoreFull() : new StoreRefused(message);
  }

  #tick(): void {
    const client = this.#client;
    const pulse = this.#pulse;
    if (client === undefined) return;
    const turn = pulse.tick();
    if (turn === "dead") return this.#giveUp(client, DEAD_REASON);
    if (turn === "wait") return;
    const sentAt = performance.now();
    client.sendCommand(BEAT).then(
      (marker) => {
        pulse.beaten(sentAt);
        if (client === this.#client) this.#marked(client, marker as unknown as string | null);
      },
      (error: Error) => {
        // A connection that ended says so itself.
        if (!(error instanceof ErrorReply)) return;
        if (ALIVE.test(error.message)) pulse.beaten(sentAt);
        else this.#giveUp(client, withoutArguments(error.message));
      },
    );
  }

  #marked(client: StoreClient, marker: string | null): void {
    const isExpected = this.#marker === undefined || marker === this.#marker;
    this.#marker = marker ?? undefined;
    // Whoever is first writes the new marker; the next beat reads it.
    if (marker === null) client.sendCommand([...newMarker()]).catch(() => undefined);
    if (!isExpected) this.#listener.lost();
  }

  #giveUp(client: StoreClient, reason: string): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.reason = reason;
    discard(client);
    this.#listener.down(reason);
    if (!this.#isClosed) void this.#connect(0);
  }
}
