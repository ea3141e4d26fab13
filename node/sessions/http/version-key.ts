import { hkdfSync } from "node:crypto";

/** A key of its own, out of the secret that also signs the application's cookies: nothing signed with the one is worth anything to the other. */
export const versionKey = (cookieSecret: string): string =>
  Buffer.from(hkdfSync("sha256", cookieSecret, "", "nplus1 session version by HTTP", 32)).toString("base64url");
