import { join } from "node:path";
import { createClient } from "redis";
import { delayedRoom, NoNetem } from "./netem";
import { PinnedProcess } from "./pinned-process";
import type { PlaceName } from "./plan";
import { percentile } from "./statistics";
import { startStore, type StoreServer } from "./store-server";

/** On the way to the store; the way back is as it is. */
const DELAY_MS = 0.5;

export interface Place {
  readonly name: PlaceName;
  readonly server: StoreServer;
  /** For the program. */
  readonly url: string;
  /** What makes the delay. */
  readonly how: string;
  /** Of a PING, median, in milliseconds. */
  readonly roundTripMs: number;
  /** Of what stands between the program and the store. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export async function loopbackPlace(core: number): Promise<Place> {
  const server = await startStore(core, "127.0.0.1");
  const url = urlOf(server.host, server.port);
  return { name: "loopback", server, url, how: "nothing in between", roundTripMs: await roundTrip(url), cpuMs: () => 0, stop: () => server.stop() };
}

export async function delayedPlace(core: number): Promise<Place> {
  try {
    return await netemPlace(core);
  } catch (error) {
    if (!(error instanceof NoNetem)) throw error;
    return await proxyPlace(core, error.message);
  }
}

async function netemPlace(core: number): Promise<Place> {
  const room = delayedRoom(DELAY_MS);
  try {
    const server = await startStore(core, room.address, room.before);
    const stop = async (): Promise<void> => {
      await server.stop();
      room.remove();
    };
    const url = urlOf(server.host, server.port);
    const how = `netem, ${DELAY_MS} ms on the way to the store`;
    return { name: "delayed", server, url, how, roundTripMs: await roundTrip(url), cpuMs: () => 0, stop };
  } catch (error) {
    room.remove();
    throw error;
  }
}

async function proxyPlace(core: number, reason: string): Promise<Place> {
  const server = await startStore(core, "127.0.0.1");
  const argv = [process.execPath, join(__dirname, "delay-proxy.cjs"), server.host, String(server.port), String(DELAY_MS)];
  const proxy = PinnedProcess.start("the delaying proxy", core, argv);
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await server.stop();
  };
  try {
    const url = urlOf("127.0.0.1", await proxy.port());
    const how = `NOT netem but a user-space proxy, ${DELAY_MS} ms on the way to the store (this machine: ${reason})`;
    return { name: "delayed", server, url, how, roundTripMs: await roundTrip(url), cpuMs: () => proxy.cpuMs(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const urlOf = (host: string, port: number): string => `redis://${host}:${port}`;

async function roundTrip(url: string): Promise<number> {
  const client = createClient({ url });
  await client.connect();
  const times: number[] = [];
  for (let n = 0; n < 300; n += 1) {
    const sent = performance.now();
    await client.ping();
    times.push(performance.now() - sent);
  }
  client.destroy();
  return percentile(
    times.slice(100).sort((a, b) => a - b),
    0.5,
  );
}
