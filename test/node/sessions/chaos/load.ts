import { setTimeout as delay } from "node:timers/promises";
import { judge } from "../../../../lab/drills/history/judge";
import { violationLine } from "../../../../lab/drills/history/words";
import { Client } from "./client";
import type { Node } from "./node";

/** Windows of one browser that share a session, and modify different keys of it. */
const WINDOWS = 2;
const WRITE_PART = 0.25;
/** In milliseconds: a node that refuses at once is not asked in a loop. */
const AFTER_REFUSAL_MS = 5;

export interface LoadArgs {
  /** Those that the load balancer sends requests to, as of now. */
  nodes: () => readonly Node[];
  browsers: number;
  /** Values looked at, at least. */
  checks: number;
  /** Runs beside the load, which goes on until it is done. */
  faults?: () => Promise<void>;
}

export interface Findings {
  checks: number;
  writes: number;
  refused: number;
  longestMs: number;
  /** For people; empty when all is well. */
  wrong: string[];
}

/** Browsers that go from node to node at random, judged by what they did and saw. `stalenessMs`: how late they may see what others wrote. */
export async function runLoad(name: string, { nodes, browsers, checks, faults }: LoadArgs, stalenessMs: number): Promise<Findings> {
  const clients = Array.from({ length: browsers * WINDOWS }, (_, index) => {
    return new Client(`c${index}`, `${name}-${Math.floor(index / WINDOWS)}`);
  });
  for (const first of clients.filter((_, index) => index % WINDOWS === 0)) await first.create(any(nodes()));
  let looked = 0;
  let isOver = faults === undefined;
  const browse = async (client: Client, index: number): Promise<void> => {
    const keys = Array.from({ length: WINDOWS }, (_, window) => `k${window}`);
    while ((looked < checks || !isOver) && clients.every(({ faults: found }) => found.length === 0)) {
      const node = any(nodes());
      const isWrite = Math.random() < WRITE_PART;
      const done = isWrite ? await client.write(node, keys[index % WINDOWS] as string) : await client.read(node, keys);
      if (done && !isWrite) looked += keys.length;
      if (!done) await delay(AFTER_REFUSAL_MS);
    }
  };
  const storm = faults?.().finally(() => (isOver = true));
  await Promise.all([...clients.map(browse), storm]);
  return findingsOf(clients, stalenessMs);
}

export function findingsOf(clients: readonly Client[], stalenessMs: number): Findings {
  const history = clients.flatMap((client) => client.history);
  const writes = history.filter(({ kind, outcome }) => kind !== "read" && outcome === "ok").length;
  return {
    checks: history.filter(({ kind }) => kind === "read").length,
    writes,
    refused: history.filter(({ kind, outcome }) => kind !== "read" && outcome !== "ok").length,
    longestMs: Math.max(...clients.map(({ longestMs }) => longestMs)),
    wrong: [...clients.flatMap(({ faults }) => faults), ...judge(history, { stalenessMs }).map((violation) => violationLine(violation))].slice(0, 20),
  };
}

const any = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
