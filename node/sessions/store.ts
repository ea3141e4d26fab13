import { randomBytes } from "node:crypto";
import { EPOCH_KEY, SESSION_NEWS_CHANNEL, sessionKey } from "../../contract/sessions";
import { AnswersMixedUp, StaleEpoch, StoreRefused } from "./errors";
import type { Change, Snapshot, Version } from "./model";
import { BURY, DESTROY } from "./scripts/destroy";
import { READ } from "./scripts/read";
import { RESTORE } from "./scripts/restore";
import type { Script } from "./scripts/script";
import { TOUCH } from "./scripts/touch";
import { WRITE } from "./scripts/write";
import { snapshotOf, ttlOf, versionOf } from "./snapshot";
import { formatVersion, writeOf } from "./version";

/** Sends a command over the link; the second form says that the answer counts only once a replica has it. */
export type Send = (args: readonly string[]) => Promise<unknown>;

export type Found =
  | { is: "missing" }
  | { is: "destroyed"; version: Version }
  | { is: "same"; endsAt: number; aside: string }
  | { is: "whole"; snapshot: Snapshot };

export type Written =
  | { is: "missing" | "gone" }
  | { is: "destroyed" | "stored"; version: Version }
  | { is: "conflict"; snapshot: Snapshot }
  | { is: "large"; bytes: number }
  | { is: "whole"; snapshot: Snapshot; moved: boolean; conflicts: number };

/** `gone`: by someone else, before. */
export type Destroyed = { is: "destroyed" | "gone" | "unknown"; version: Version } | { is: "conflict"; snapshot: Snapshot };

/** Names one write, however often it is sent: the store applies it once. */
export interface Ticket {
  writer: string;
  seq: number;
}

export interface WriteCall {
  mode: "create" | "add" | "merge" | "cas";
  id: string;
  change: Change;
  /** Of the snapshot the change was made on. */
  base: Version | undefined;
  /** Of this process's copy: when it is the store's too, the session need not be sent back. */
  copy: Version | undefined;
  /** An n of this session's that is known here, perhaps of one that was destroyed. */
  known: number;
  ticket: Ticket;
  /** Undefined: as it is. */
  lifetimeMs: number | undefined;
  aside: string | undefined;
  limitBytes: number;
}

export interface DestroyCall {
  id: string;
  /** Undefined: whatever it is. */
  expected: Version | undefined;
  copy: Version | undefined;
  ticket: Ticket;
}

/** The store's scripts, with words for what they answer. */
export class Store {
  /** Names this process in the versions it writes, as long as the store loses nothing: who has a write has all earlier ones of its writer. */
  #writer = newWriter();
  #seq = 0;

  constructor(
    private readonly read_: Send,
    private readonly write_: Send,
    private readonly epoch: number | undefined,
    /** How long a destroyed session is remembered whose own lifetime is not known, in milliseconds. */
    private readonly tombstoneMs: number,
    /** Gives up a connection whose answers are mixed up. */
    private readonly distrust: (reason: string) => void,
  ) {}

  /** Of a write; the same one when it is sent again. Those of one session must be sent in this order. */
  nextTicket(): Ticket {
    this.#seq += 1;
    return { writer: this.#writer, seq: this.#seq };
  }

  /** The store was found to have lost something. */
  renew(): void {
    this.#writer = newWriter();
  }

  async read(id: string, copy: Version | undefined): Promise<Found> {
    const askedAt = performance.now();
    return found(id, await this.#run(this.read_, READ, [sessionKey(id)], [printed(copy)]), askedAt);
  }

  async write({ mode, id, change, base, copy, known, ticket, lifetimeMs, aside, limitBytes }: WriteCall): Promise<Written> {
    const askedAt = performance.now();
    const use = [String(lifetimeMs ?? ""), aside === undefined ? "" : `=${aside}`, id, SESSION_NEWS_CHANNEL];
    const numbers = [String(limitBytes), String(Math.max(base?.n ?? 0, copy?.n ?? 0, known)), String(change.set.size)];
    const args = [mode, printed(base), printed(copy), ticket.writer, String(ticket.seq), this.#epoch, ...use, ...numbers];
    for (const [name, json] of change.set) args.push(name, json);
    for (const name of change.remove) args.push(name);
    const answer = await this.#run(this.write_, WRITE, [sessionKey(id), EPOCH_KEY], args);
    const [is, told] = answer;
    switch (is) {
      case "epoch":
        throw new StaleEpoch(this.epoch ?? 0, Number(told));
      case "stored":
      case "destroyed":
        return { is, version: versionOf(String(told)) };
      case "large":
        return { is, bytes: Number(told) };
      case "whole":
        return { is, snapshot: wholeOf(id, answer, askedAt), moved: Number(answer[4]) === 1, conflicts: Number(answer[5]) };
      case "conflict":
        return { is, snapshot: wholeOf(id, answer, askedAt) };
      case "missing":
      case "gone":
        return { is };
      default:
        throw unknownAnswer();
    }
  }

  async touch({ id, version, aside }: Snapshot): Promise<"missing" | "destroyed" | "touched"> {
    const [is] = await this.#run(this.read_, TOUCH, [sessionKey(id)], [printed(version), aside, id, SESSION_NEWS_CHANNEL]);
    if (is !== "missing" && is !== "destroyed" && is !== "touched") throw unknownAnswer();
    return is;
  }

  async destroy({ id, expected, copy, ticket }: DestroyCall): Promise<Destroyed> {
    const askedAt = performance.now();
    const who = [ticket.writer, String(ticket.seq), this.#epoch];
    const args = [printed(expected), String(copy?.n ?? 0), ...who, String(this.tombstoneMs), id, SESSION_NEWS_CHANNEL];
    const answer = await this.#run(this.write_, DESTROY, [sessionKey(id), EPOCH_KEY], args);
    const [is, told] = answer;
    if (is === "epoch") throw new StaleEpoch(this.epoch ?? 0, Number(told));
    if (is === "conflict") return { is, snapshot: wholeOf(id, answer, askedAt) };
    if (is !== "destroyed" && is !== "gone" && is !== "unknown") throw unknownAnswer();
    return { is, version: versionOf(String(told)) };
  }

  /** A copy that the store may have lost. */
  async restore(copy: Snapshot): Promise<Found> {
    const askedAt = performance.now();
    const { id, version, born, lifetimeMs, aside, fields, tombstones, writers } = copy;
    const leftMs = Math.max(1, Math.ceil(copy.endsAt - askedAt + ttlOf(lifetimeMs) - lifetimeMs));
    // A name of its own: the numbers of one writer must go up in the order in which they are sent.
    const { writer, seq } = this.nextTicket();
    const merge = [`${writer}_r`, String(seq)];
    const use = [String(lifetimeMs), String(leftMs), aside, id, SESSION_NEWS_CHANNEL];
    const sizes = [writers.size, fields.size, tombstones.size].map(String);
    const args = [printed(version), String(born), ...merge, ...use, ...sizes];
    for (const [name, last] of writers) args.push(name, String(last));
    for (const [name, { stamp, json }] of fields) args.push(name, String(stamp), json);
    for (const [name, stamp] of tombstones) args.push(name, String(stamp));
    return found(id, await this.#run(this.read_, RESTORE, [sessionKey(id)], args), askedAt);
  }

  /** That a session was destroyed. */
  async bury(id: string, version: Version): Promise<Found> {
    const askedAt = performance.now();
    const { writer, seq } = writeOf(version);
    const args = [printed(version), writer, String(seq), String(this.tombstoneMs), id, SESSION_NEWS_CHANNEL];
    return found(id, await this.#run(this.read_, BURY, [sessionKey(id)], args), askedAt);
  }

  async #run(send: Send, script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown[]> {
    try {
      return await run(send, script, keys, args);
    } catch (error) {
      if (error instanceof AnswersMixedUp) this.distrust(error.message);
      throw error;
    }
  }

  get #epoch(): string {
    return this.epoch === undefined ? "" : String(this.epoch);
  }
}

/** @throws AnswersMixedUp when the answer is another question's */
export async function run(send: Send, { source, sha1 }: Script, keys: readonly string[], args: readonly string[]): Promise<unknown[]> {
  const answer = await evaluated(send, sha1, source, [String(keys.length), ...keys, ...args]);
  if (!Array.isArray(answer) || answer.at(-1) !== keys[0]) throw new AnswersMixedUp();
  return answer as unknown[];
}

/** A server that never ran the script, or was restarted, does not know its digest. */
async function evaluated(send: Send, sha1: string, source: string, rest: readonly string[]): Promise<unknown> {
  try {
    return await send(["EVALSHA", sha1, ...rest]);
  } catch (error) {
    if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
    return send(["EVAL", source, ...rest]);
  }
}

/** What READ and its kin answer. */
export function found(id: string, answer: readonly unknown[], askedAt: number): Found {
  const [is, told, ttlMs, aside] = answer;
  switch (is) {
    case "missing":
      return { is };
    case "same":
      return { is, endsAt: askedAt + Number(ttlMs), aside: String(aside) };
    case "whole":
      return { is, snapshot: wholeOf(id, answer, askedAt) };
    case "destroyed":
      return { is, version: versionOf(String(told)) };
    default:
      throw unknownAnswer();
  }
}

const wholeOf = (id: string, [, version, ttlMs, hash]: readonly unknown[], askedAt: number): Snapshot =>
  snapshotOf(id, { version: String(version), ttlMs: Number(ttlMs), hash: hash as string[] }, askedAt);

const newWriter = (): string => randomBytes(6).toString("base64url");

const printed = (version: Version | undefined): string => (version === undefined ? "" : formatVersion(version));

const unknownAnswer = (): StoreRefused => new StoreRefused("it gave an answer that is none of its scripts'");
