import { createClient } from "redis";
import type { Change, Sessions } from "../../../../node/sessions/model";
import { openSessions, type SessionsOptions } from "../../../../node/sessions/open";
import { type RedisServer, startRedis } from "../redis-server";

export type Command = (...args: string[]) => Promise<unknown>;

/** A store of one's own, its cores, and a hand on it. */
export interface Rig {
  readonly redis: RedisServer;
  /** A command by hand, over a connection of its own. */
  readonly command: Command;
  open(options?: Partial<SessionsOptions>): Promise<Sessions>;
  /** Cores first, so that none is missed. */
  stop(): Promise<void>;
}

export async function startRig(args: readonly string[] = [], password?: string): Promise<Rig> {
  const redis = await startRedis(password ? [...args, "--requirepass", password] : args);
  const url = password ? redis.url.replace("//", `//:${password}@`) : redis.url;
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  const cores: Sessions[] = [];
  return {
    redis,
    command: (...command) => client.sendCommand(command),
    async open(options = {}) {
      const core = openSessions({ url, storeTimeoutMs: 10_000, ...options });
      cores.push(core);
      await core.ready();
      return core;
    },
    async stop() {
      await Promise.all(cores.map((core) => core.close()));
      client.destroy();
      await redis.stop();
    },
  };
}

export const set = (values: Readonly<Record<string, unknown>>): Change => ({
  set: new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])),
  remove: new Set(),
});

export const remove = (...keys: string[]): Change => ({ set: new Map(), remove: new Set(keys) });

/** The values of a session, or undefined for none. */
export const valuesOf = (session: { fields: ReadonlyMap<string, { json: string }> } | undefined): Record<string, unknown> | undefined =>
  session && Object.fromEntries([...session.fields].map(([key, { json }]): [string, unknown] => [key, JSON.parse(json)]));

/** Closes the connections of all cores, as a server would; one's own stays. */
export async function killCores(command: Command): Promise<void> {
  await command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await command("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
}
