import { createClient } from "redis";
import { z } from "zod";
import { TAKE_SCRIPT } from "../../contract/budget";
import { type ClusterEvent, EVENTS_FIELD, EVENTS_KEPT, EVENTS_KEY } from "../../contract/events";
import { nodeState, registryKey, SERVING_KEY, TOKENS_KEY } from "../../contract/registry";
import { actionKey, WATCH_KEY } from "../../contract/sentinel";
import { type ActionRecord, actionRecordSchema, type Memory, nothingYet, type Watch, watchSchema } from "./memory";

export interface StoreArgs {
  host: string;
  port: number;
  token: () => Promise<string>;
  /** False only against a test's own server. */
  tls: boolean;
}

/** For connecting and for each command, in milliseconds. */
const LIMIT_MS = 2000;
/** What is not renewed by a look is forgotten after this, in milliseconds: five runs. */
const WATCH_TTL_MS = 300_000;
/** Within this an agent may be restarted only so often, in milliseconds. */
const RECORD_TTL_MS = 600_000;
/** A node that is replaced stays counted as out until its group is through, in milliseconds. */
const TOKEN_MS = 60_000;

/** As much of an entry as is needed; a node of another release may say more or less. */
const entrySchema = z.object({ id: z.string(), ip: z.string(), state: nodeState });
export type Entry = z.infer<typeof entrySchema>;

/** The session store as the sentinel uses it: the registry, its own memory, the budget, the events. Every method throws while it is away. */
export class Store {
  readonly #args: StoreArgs;
  #client: ReturnType<typeof open> | undefined;

  constructor(args: StoreArgs) {
    this.#args = args;
  }

  async entries(): Promise<Entry[]> {
    return this.#run(async (client) => {
      const keys = new Set<string>();
      for await (const found of client.scanIterator({ MATCH: registryKey("*"), COUNT: 200 })) for (const key of found) keys.add(key);
      const values = keys.size > 0 ? await client.mGet([...keys]) : [];
      return values.flatMap((text) => (text === null ? [] : [entrySchema.parse(JSON.parse(text))]));
    });
  }

  async memory(nodes: readonly string[]): Promise<Memory> {
    return this.#run(async (client) => {
      const [watch, ...records] = await client.mGet([WATCH_KEY, ...nodes.map(actionKey)]);
      const kept = nodes.flatMap((node, index) => {
        const text = records[index];
        return text ? [[node, actionRecordSchema.parse(JSON.parse(text))] as const] : [];
      });
      // What an earlier version remembered otherwise is forgotten, not misread.
      return { watch: (watch ? watchSchema.safeParse(JSON.parse(watch)).data : undefined) ?? nothingYet, records: Object.fromEntries(kept) };
    });
  }

  async keepWatch(watch: Watch): Promise<void> {
    await this.#run((client) => client.set(WATCH_KEY, JSON.stringify(watch), { PX: WATCH_TTL_MS }));
  }

  async keepRecord(node: string, record: ActionRecord): Promise<void> {
    await this.#run((client) => client.set(actionKey(node), JSON.stringify(record), { PX: RECORD_TTL_MS }));
  }

  /** May a node be taken out so that n others serve? */
  async takeToken(node: string, n: number): Promise<{ granted: boolean; others: number }> {
    const asked = { keys: [SERVING_KEY, TOKENS_KEY], arguments: [node, String(TOKEN_MS), String(n)] };
    const answer = await this.#run((client) => client.eval(TAKE_SCRIPT, asked));
    const [granted, others] = z.tuple([z.number(), z.number()]).parse(answer);
    return { granted: granted === 1, others };
  }

  async tell(event: ClusterEvent): Promise<void> {
    const trim = { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: EVENTS_KEPT } } as const;
    await this.#run((client) => client.xAdd(EVENTS_KEY, "*", { [EVENTS_FIELD]: JSON.stringify(event) }, trim));
  }

  close(): void {
    this.#client?.destroy();
    this.#client = undefined;
  }

  /** A connection that failed once is not used again: it may lead to a primary that is one no more. */
  async #run<T>(command: (client: ReturnType<typeof open>) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the session store has not answered for ${2 * LIMIT_MS} ms`)), 2 * LIMIT_MS);
    });
    const work = this.#connected().then(command);
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      work.catch(() => undefined);
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #connected(): Promise<ReturnType<typeof open>> {
    if (this.#client?.isReady) return this.#client;
    this.close();
    const client = open(this.#args, await this.#args.token());
    // Each failure is a rejected command too.
    client.on("error", () => undefined);
    this.#client = client;
    await client.connect();
    return client;
  }
}

function open({ host, port, tls }: StoreArgs, password: string) {
  const socket = { host, port, connectTimeout: LIMIT_MS, reconnectStrategy: false as const };
  return createClient({ socket: tls ? { ...socket, tls: true, servername: host } : socket, password, disableOfflineQueue: true });
}
