import type { Client } from "./client";
import { Connection } from "./connection";
import { percentile } from "./statistics";

export interface Measured {
  /** Answered in the time that counts. */
  requests: number;
  ms: number;
  /** Answered in all, with those before and after. */
  allRequests: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Every client sends its next request as soon as the last one is answered: as much as the program can take. */
export async function fullLoad(clients: readonly Client[], port: number, modifying: number, settleMs: number, ms: number): Promise<Measured> {
  const connections = await Promise.all(clients.map(() => Connection.open(port)));
  const times: number[] = [];
  let allRequests = 0;
  const begin = performance.now() + settleMs;
  let end = begin + ms;
  const run = async (client: Client, connection: Connection): Promise<void> => {
    for (let asked = performance.now(); asked < end; ) {
      await client.next(connection, modifying);
      allRequests += 1;
      const answered = performance.now();
      // On a machine that does something else all the time: then the first answer ends it.
      if (answered >= end && times.length === 0) end = answered + 1e-3;
      if (answered >= begin && answered < end) times.push(answered - asked);
      asked = answered;
    }
  };
  try {
    await Promise.all(clients.map((client, index) => run(client, connections[index] as Connection)));
  } finally {
    for (const connection of connections) connection.close();
  }
  return measured(times, end - begin, allRequests);
}

/** One request at a time, each client in turn: what a request takes when nothing else is in its way. */
export async function singleLoad(clients: readonly Client[], port: number, modifying: number, ms: number): Promise<Measured> {
  const connection = await Connection.open(port);
  const times: number[] = [];
  const end = performance.now() + ms;
  try {
    for (let asked = performance.now(); asked < end; ) {
      const client = clients[times.length % clients.length] as Client;
      await client.next(connection, modifying);
      const answered = performance.now();
      times.push(answered - asked);
      asked = answered;
    }
  } finally {
    connection.close();
  }
  return measured(times, ms, times.length);
}

function measured(times: readonly number[], ms: number, allRequests: number): Measured {
  const sorted = Float64Array.from(times).sort();
  return { requests: times.length, ms, allRequests, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
