import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type ClusterEvent, clusterEventSchema, eventSourceSchema } from "../../contract/events";
import { type LabStatus, labStatusSchema } from "../../contract/lab-file";
import { NODE_CONFIG_FILE } from "../../contract/node-config";
import type { Fault } from "../cloud/faults/fault";
import type { StoreNodeState } from "../cloud/session-store/node-states";
import { missingOf } from "./whole";

const LOOK_MS = 200;

/** The events of all the lab's buses, of which the stack's own are a part. */
const eventsSchema = z.object({ events: z.array(z.object({ source: z.string(), detail: z.unknown() })) });

export interface Seen {
  instances: LabStatus["instances"];
  store: StoreNodeState[];
}

/** The lab's cluster, by the lab's own paths. */
export class Cluster {
  /** The nodes that drills broke, in order. */
  readonly broken: string[] = [];

  constructor(
    private readonly endpoint: string,
    private readonly n: number,
  ) {}

  async look(): Promise<Seen> {
    const [status, store] = await Promise.all([this.#call("GET", "status"), this.#call("GET", "store")]);
    return { instances: labStatusSchema.parse(status).instances, store: store as StoreNodeState[] };
  }

  /** What nodes and sentinel have told. */
  async events(): Promise<ClusterEvent[]> {
    const { events } = eventsSchema.parse(await this.#call("GET", "events"));
    return events.filter(({ source }) => eventSourceSchema.safeParse(source).success).map(({ detail }) => clusterEventSchema.parse(detail));
  }

  async inject(fault: Fault): Promise<void> {
    await this.#call("POST", "faults", fault);
  }

  async endFaults(): Promise<void> {
    await this.#call("DELETE", "faults");
  }

  /** Waits until the cluster is whole and `holds`. Answers with what it lacks: nothing, or what it lacked at the limit. */
  async untilWhole(limitMs: number, signal: AbortSignal, holds: (seen: Seen) => boolean = () => true): Promise<string[]> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const seen = await this.look();
      const missing = [...missingOf(seen.instances, seen.store, this.n), ...(holds(seen) ? [] : ["what was broken is still there"])];
      if (missing.length === 0 || performance.now() > deadline) return missing;
      await delay(LOOK_MS, undefined, { signal });
    }
  }

  /** How long a request may wait for the session store, in milliseconds, by a node's configuration. */
  async storeTimeoutMs(): Promise<number> {
    const [instance] = (await this.look()).instances;
    if (!instance) throw new Error("the cluster has no node");
    const file = join(instance.root, NODE_CONFIG_FILE);
    const config = z.object({ sessions: z.object({ storeTimeoutMs: z.int() }) }).parse(JSON.parse(readFileSync(file, "utf8")));
    return config.sessions.storeTimeoutMs;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.endpoint}/_lab/${path}`, { method, ...content });
    const said: unknown = await answer.json();
    if (!answer.ok) throw new Error(`the lab refused ${method} /_lab/${path}: ${JSON.stringify(said)}`);
    return said;
  }
}
