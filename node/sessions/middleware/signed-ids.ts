import { createHmac, timingSafeEqual } from "node:crypto";
import type { Version } from "../model";
import { Recent } from "./recent";

export type Secret = string | Uint8Array;

export interface SignedId {
  readonly id: string;
  /** What a cookie of this id holds when the newest secret signs it. */
  readonly text: string;
  /** The version cookie that was last found to be this id's, and its version. */
  carried: { readonly text: string; readonly version: Version } | undefined;
}

/** Cookies whose signature was found right; each takes about 400 bytes. Whoever is not among them is checked again. */
const MOST_KNOWN = 10_000;
const PREFIX = "s:";

/** The session cookie's value as express-session writes it: `s:<id>.<HMAC-SHA256>`, percent-encoded. The first secret signs, all of them verify. */
export class SignedIds {
  readonly #known = new Recent<string, SignedId>(MOST_KNOWN, () => 1);

  constructor(private readonly secrets: readonly [Secret, ...Secret[]]) {}

  sign(id: string): SignedId {
    return { id, text: encodeURIComponent(PREFIX + signed(id, this.secrets[0])), carried: undefined };
  }

  /** Undefined: none of the secrets signed it. */
  verify(text: string): SignedId | undefined {
    return this.#known.get(text) ?? this.#verify(text);
  }

  #verify(text: string): SignedId | undefined {
    const value = decoded(text);
    if (!value?.startsWith(PREFIX)) return undefined;
    const id = value.slice(PREFIX.length, Math.max(value.lastIndexOf("."), PREFIX.length));
    const claimed = Buffer.from(value.slice(PREFIX.length));
    for (const secret of this.secrets) {
      const right = Buffer.from(signed(id, secret));
      if (right.length !== claimed.length || !timingSafeEqual(right, claimed)) continue;
      const found = this.sign(id);
      this.#known.set(detached(text), found);
      return found;
    }
    return undefined;
  }
}

/** @see https://github.com/tj/node-cookie-signature */
const signed = (id: string, secret: Secret): string => `${id}.${createHmac("sha256", secret).update(id).digest("base64").replaceAll("=", "")}`;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A copy of its own: a part of a header would keep all of the header in memory. */
export const detached = (text: string): string => Buffer.from(text).toString();
