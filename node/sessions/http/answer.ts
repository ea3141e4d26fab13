import type { Snapshot } from "../model";
import type { VersionCookie } from "../version-cookie";
import { entityTag } from "./entity-tag";
import { LIFETIME_HEADER } from "./lifetime";
import { contentText } from "./merge-patch";

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export const VERSION_HEADER = "Session-Version";

export const JSON_TYPE = "application/json";

/** A session, as it is after the request: its life begins anew with each use. */
export function sessionAnswer(status: number, snapshot: Snapshot, carried: VersionCookie, leftMs = snapshot.lifetimeMs): Answer {
  return { status, headers: { "Content-Type": JSON_TYPE, ...sessionHeaders(snapshot, carried, leftMs) }, body: contentText(snapshot) };
}

export const notModified = (snapshot: Snapshot, carried: VersionCookie, leftMs = snapshot.lifetimeMs): Answer => ({
  status: 304,
  headers: sessionHeaders(snapshot, carried, leftMs),
});

const sessionHeaders = (snapshot: Snapshot, carried: VersionCookie, leftMs: number): Record<string, string> => ({
  ETag: entityTag(snapshot.version),
  [VERSION_HEADER]: carried.print(snapshot.id, snapshot.version),
  [LIFETIME_HEADER]: String(snapshot.lifetimeMs),
  "Session-Ends-In-Ms": String(Math.max(0, Math.floor(Math.min(leftMs, snapshot.lifetimeMs)))),
});
