import { randomBytes } from "node:crypto";
import { SESSION_MARKER_KEY, SESSION_NEWS_CHANNEL, SESSION_PREFIX } from "../../contract/sessions";
import { BURY, DESTROY } from "./scripts/destroy";
import { READ } from "./scripts/read";
import { RESTORE } from "./scripts/restore";
import { TOUCH } from "./scripts/touch";
import { WRITE } from "./scripts/write";
import type { StoreClient } from "./store-client";

/** What a new connection is told before it counts. */
export interface Ears {
  news(message: string): void;
  /** A key, or null: all. */
  invalidated(key: Buffer | string | null): void;
}

/** Of the server and its data: another one may have lost something. */
export interface Greeting {
  /** Of the process, and of the history it writes: a server that was a replica in between comes back with another one. */
  identity: string;
  /** Null: there is none, and none could be set. */
  marker: string | null;
  /** All news since then is heard; performance.now(). */
  heardSince: number;
}

const SCRIPTS = [READ, WRITE, TOUCH, DESTROY, BURY, RESTORE];

export const newMarker = (): readonly string[] => ["SET", SESSION_MARKER_KEY, randomBytes(12).toString("base64url"), "NX"];

/** @throws Error when the server is no primary */
export async function shakeHands(client: StoreClient, tracking: boolean, ears: Ears): Promise<Greeting> {
  const asked = [["ROLE"], ["INFO", "server"], ["INFO", "replication"]].map((command) => client.sendCommand(command));
  const [role, server, replication] = await Promise.all(asked);
  const [name] = role as unknown as string[];
  if (name !== "master") throw new Error(`the server is no primary but ${String(name)}`);
  // So that each of them is one command from the first time on. A server that does not want that gets their text when it asks for it.
  await Promise.all(SCRIPTS.map(({ source }) => client.sendCommand(["SCRIPT", "LOAD", source]).catch(() => undefined)));
  client.on("invalidate", (key: Buffer | string | null) => ears.invalidated(key));
  if (tracking) {
    await client.sendCommand(["CLIENT", "TRACKING", "OFF"]);
    // Without NOLOOP: every change is announced alike, so that each can be told from one that no news explains.
    await client.sendCommand(["CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", SESSION_PREFIX]);
  }
  await client.subscribe(SESSION_NEWS_CHANNEL, (message: string) => ears.news(message));
  const heardSince = performance.now();
  const marker = (await markerOf(client)) ?? (await marked(client));
  return { identity: `${word(server, "run_id")} ${word(replication, "master_replid")}`, marker, heardSince };
}

const word = (info: unknown, name: string): string => new RegExp(`^${name}:(\\w+)`, "m").exec(String(info))?.[1] ?? "";

const markerOf = async (client: StoreClient): Promise<string | null> =>
  (await client.sendCommand(["GET", SESSION_MARKER_KEY])) as unknown as string | null;

/** A store without memory refuses a new marker, and can be read from all the same. */
async function marked(client: StoreClient): Promise<string | null> {
  await client.sendCommand([...newMarker()]).catch(() => undefined);
  return markerOf(client);
}
