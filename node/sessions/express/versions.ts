import type { RequestHandler } from "express";
import { type Secret, VersionCookie, versionCookieName } from "../version-cookie";
import { Exchange, exchangeOf } from "./exchange";
import type { SessionStore } from "./store";

export interface VersionsOptions {
  /** The same as express-session's. Default `connect.sid`. */
  name?: string;
  /** All nodes have the same. Of a list, the first signs and all are accepted. Default: SESSION_SECRET of the environment. */
  secret?: Secret | readonly Secret[];
}

/**
 * Stands right before express-session. Lets each client carry the version of its session that it last saw, in a cookie beside the session's, so that
 * any node knows whether its copy will do; and lets an answer go only when the store has what its request changed.
 */
export function versions(
  store: SessionStore,
  { name = "connect.sid", secret = process.env["SESSION_SECRET"] }: VersionsOptions = {},
): RequestHandler {
  const common = { store, cookie: new VersionCookie(secret), sessionName: name, versionName: versionCookieName(name) };
  return function versions(req, res, next) {
    if (exchangeOf(req)) next();
    else store.arriving(new Exchange(common, req, res), next);
  };
}
