import { StoreRefused } from "./errors";
import type { Change, Field, Snapshot, Version } from "./model";
import { parseVersion, writeOf } from "./version";

/** The key lives this much longer than the session, so that touches may be held back for a tenth of the lifetime and never shorten a life. */
export const ttlOf = (lifetimeMs: number): number => Math.ceil(lifetimeMs * 1.1);

/** A copy forgets deletions beyond this many; the store does the same (scripts/write.ts). */
const MOST_TOMBSTONES = 2000;

/** What the store answers of a whole session. */
export interface StoredSession {
  version: string;
  /** Of the key, in milliseconds. */
  ttlMs: number;
  /** The hash, field and value in turn. */
  hash: readonly string[];
}

/** @throws StoreRefused when the hash is not one of ours. */
export function snapshotOf(id: string, { version, ttlMs, hash }: StoredSession, now: number): Snapshot {
  const fields = new Map<string, Field>();
  const tombstones = new Map<string, number>();
  const writers = new Map<string, number>();
  let aside = "";
  let lifetimeMs = ttlMs;
  let born = 0;
  for (let at = 0; at + 1 < hash.length; at += 2) {
    const [name = "", value = ""] = [hash[at], hash[at + 1]];
    if (name.startsWith("f:")) {
      const colon = value.indexOf(":");
      fields.set(name.slice(2), { stamp: Number(value.slice(0, colon)), json: value.slice(colon + 1) });
    } else if (name.startsWith("x:")) tombstones.set(name.slice(2), Number(value));
    else if (name.startsWith("w:")) writers.set(name.slice(2), Number.parseInt(value, 10));
    else if (name === "c") aside = value;
    else if (name === "t") lifetimeMs = Number(value);
    else if (name === "b") born = Number(value);
  }
  return { id, version: versionOf(version), fields, tombstones, writers, born, aside, lifetimeMs, endsAt: now + ttlMs };
}

/** @throws StoreRefused */
export function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new StoreRefused("it holds a session whose version is none");
  return version;
}

/** Undefined: as it is. */
export interface Use {
  lifetimeMs: number | undefined;
  aside: string | undefined;
  now: number;
}

/** The session after a change that was stored as `version`. */
export function changed(base: Snapshot, change: Change, version: Version, use: Use): Snapshot {
  const fields = new Map(base.fields);
  const tombstones = new Map(base.tombstones);
  const writers = new Map(base.writers);
  for (const name of change.remove) {
    fields.delete(name);
    tombstones.set(name, version.n);
  }
  for (const [name, json] of change.set) {
    fields.set(name, { json, stamp: version.n });
    tombstones.delete(name);
  }
  if (tombstones.size > MOST_TOMBSTONES) for (const [name, stamp] of tombstones) if (stamp < version.n) tombstones.delete(name);
  const { writer, seq } = writeOf(version);
  writers.set(writer, seq);
  const { lifetimeMs = base.lifetimeMs, aside = base.aside, now } = use;
  return { ...base, version, fields, tombstones, writers, aside, lifetimeMs, endsAt: now + lifetimeMs };
}

/** What counts against the limit of one session: keys, values and the aside, in UTF-8 bytes. */
export function sessionBytes(fields: Iterable<readonly [string, string]>, aside: string): number {
  let bytes = Buffer.byteLength(aside);
  for (const [name, json] of fields) bytes += Buffer.byteLength(name) + Buffer.byteLength(json);
  return bytes;
}

/** An estimate of what a copy takes in memory: an entry of a map takes about a hundred bytes. */
export function memoryBytes({ id, fields, tombstones, writers, aside }: Snapshot): number {
  let bytes = 600 + id.length + textBytes(aside) + 80 * writers.size;
  for (const [name, { json }] of fields) bytes += 160 + textBytes(name) + textBytes(json);
  for (const name of tombstones.keys()) bytes += 80 + textBytes(name);
  return bytes;
}

/** V8 keeps a text in one byte a character when it can, and else in two. */
const textBytes = (text: string): number => (Buffer.byteLength(text) === text.length ? text.length : 2 * text.length);

export const isEmpty = ({ set, remove }: Change): boolean => set.size === 0 && remove.size === 0;
