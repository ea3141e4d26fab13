import { createHmac, timingSafeEqual } from "node:crypto";
import type { Version } from "./model";
import { formatVersion, parseVersion, sameVersion } from "./version";

/** Bytes of the HMAC that the cookie holds: 128 bits are out of reach of guessing, and short. */
const SIGNATURE_BYTES = 16;

/** Stands beside the session's own cookie. */
export const versionCookieName = (sessionCookieName: string): string => `${sessionCookieName}.v`;

export type Secret = string | Uint8Array;
const isList = (secrets: unknown): secrets is readonly Secret[] => Array.isArray(secrets);

/** A session's version as its client carries it: `<version>.<signature>`. The signature covers the id: no version can be moved to another session. */
export class VersionCookie {
  readonly #secrets: readonly Secret[];
  /** Texts by version, for the sake of speed: a version belongs to one session, and most clients carry the newest. */
  readonly #texts = new WeakMap<Version, string>();

  /** The first secret signs; all are accepted, so that secrets can be exchanged. @throws Error when there is none */
  constructor(secrets: Secret | readonly Secret[] | undefined) {
    this.#secrets = isList(secrets) ? secrets : [secrets ?? ""];
    if (this.#secrets.length === 0 || this.#secrets.some(({ length }) => length === 0)) {
      throw new Error("secret: must be a text or bytes, or a list of them of which the first signs, got none");
    }
  }

  /** The cookie's value. It needs no escapes. */
  print(id: string, version: Version): string {
    const known = this.#texts.get(version);
    if (known !== undefined) return known;
    const text = formatVersion(version);
    const printed = `${text}.${signature(id, text, this.#secrets[0] as Secret).toString("base64url")}`;
    this.#texts.set(version, printed);
    return printed;
  }

  /** What the client has seen of the session; undefined when it carries nothing, or what was not signed here for this session. `newest`: known here. */
  read(id: string, value: string | undefined, newest: Version | undefined): Version | undefined {
    if (value === undefined) return undefined;
    if (newest !== undefined && this.#texts.get(newest) === value) return newest;
    const dot = value.lastIndexOf(".");
    const text = value.slice(0, dot);
    const version = dot > 0 ? parseVersion(text) : undefined;
    if (version === undefined) return undefined;
    const given = Buffer.from(value.slice(dot + 1), "base64url");
    if (given.length !== SIGNATURE_BYTES) return undefined;
    if (!this.#secrets.some((secret) => timingSafeEqual(given, signature(id, text, secret)))) return undefined;
    // What an older secret signed is not remembered: the client gets it anew.
    if (newest !== undefined && sameVersion(newest, version)) this.print(id, newest);
    return version;
  }
}

function signature(id: string, version: string, secret: Secret): Buffer {
  // The length keeps id and version apart, whatever the id holds.
  return createHmac("sha256", secret).update(`nplus1 session version\n${id.length}\n${id}\n${version}`).digest().subarray(0, SIGNATURE_BYTES);
}
