import type { Logger } from "pino";
import type { NodeConfig } from "../../contract/node-config";
import { BUS_BATCH, BusSink } from "../events/bus-sink";
import { EventQueue, type EventSink } from "../events/event-queue";
import { Events } from "../events/events";
import { StreamSink } from "../events/stream-sink";
import { ValkeyBudget } from "../health/budget";
import { ValkeyRegistry } from "../registry/registry";
import { StoreConnection } from "../registry/store-connection";
import type { CurrentToken } from "../secrets/current-token";
import type { Parts } from "./parts";
import { STORE_ANSWER_MS } from "./report";

/** Hours of events of a node that flaps. */
const EVENTS_KEPT = 1000;
const RETRY = { pauseMs: 500, longestPauseMs: 30_000 };

export interface ClusterPartsArgs {
  config: NodeConfig;
  node: string;
  token: Pick<CurrentToken, "token" | "refused">;
  log: Logger;
}

/** What a node tells the others, and hears of them. */
export function clusterParts({ config, node, token, log }: ClusterPartsArgs): Pick<Parts, "registry" | "budget" | "events"> {
  const store = new StoreConnection({
    store: config.sessionStore,
    token: () => token.token(),
    onRefused: () => token.refused(),
    log,
    tls: true,
  });
  const onFault = (sink: string, error: Error, waiting: number) => log.warn({ sink, reason: error.message, waiting }, "events could not be sent yet");
  const queue = (sink: EventSink) => new EventQueue({ sink, most: EVENTS_KEPT, batch: BUS_BATCH, ...RETRY, onFault });
  return {
    registry: new ValkeyRegistry(store),
    budget: new ValkeyBudget({ store, node, n: config.n, limitMs: STORE_ANSWER_MS }),
    events: new Events(node, [queue(new StreamSink(store)), queue(new BusSink(config.region, config.stack))]),
  };
}
