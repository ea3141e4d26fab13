import { RedisStore } from "connect-redis";
import type { RequestHandler } from "express";
import expressSession, { type Store } from "express-session";
import { createClient } from "redis";
import nplus1Session from "../../node/sessions/package/index";
import type { LayerName } from "./plan";
import { shopSession } from "./session-data";

/** The same for all. A session's cookie that lives a day is what most programs have. */
const OPTIONS = { secret: "bench", resave: false, saveUninitialized: false, cookie: { maxAge: 86_400_000 } };

/** nplus1's find the store in the environment, as on a node. */
export const layers: Record<LayerName, (storeUrl: string) => Promise<RequestHandler[]>> = {
  async none() {
    // The program without sessions does the rest of its work all the same.
    const always = shopSession(1000);
    return [(req, _res, next) => (Object.assign(req, { session: always }), next())];
  },

  async memory() {
    return [expressSession({ ...OPTIONS, store: new expressSession.MemoryStore() })];
  },

  async "connect-redis"(url) {
    const client = createClient({ url });
    await client.connect();
    // Its own types know only the last express-session but one.
    return [expressSession({ ...OPTIONS, store: new RedisStore({ client }) as unknown as Store })];
  },

  async "nplus1-store"() {
    const store = new nplus1Session.Store();
    return [nplus1Session.versions(store, { secret: OPTIONS.secret }), expressSession({ ...OPTIONS, store })];
  },

  async nplus1() {
    return [nplus1Session(OPTIONS) as unknown as RequestHandler];
  },
};
