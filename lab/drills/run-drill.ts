import { setTimeout as delay } from "node:timers/promises";
import type { DrillName, DrillReport } from "../../contract/drill";
import { breakIt, type Outcome } from "./break-it";
import { CATALOGUE } from "./catalogue";
import type { Cluster } from "./cluster";
import type { Drill } from "./drill";
import { judge } from "./history/judge";
import { operationsOf } from "./load/cart-request";
import { findShop, Load } from "./load/load";
import { losses } from "./losses";
import { figures, rounded, steeredMs, writesBackMs } from "./measure";
import { brokenPromises } from "./promises";
import { repairLines } from "./repairs";

/** How long the cluster may take until it is whole before a drill. */
const READY_LIMIT_MS = 180_000;

/** Load before anything is broken, and after all is whole. */
const CALM_MS = 3_000;

/** What a request may take besides waiting for the store. */
const SPARE_MS = 1_000;

export interface Surroundings {
  cluster: Cluster;
  url: string;
  say: (progress: string) => void;
  signal: AbortSignal;
}

/**
 * Breaks one thing under load and tells what that did. The cluster is whole before, and afterwards too, or the report says what it lacks.
 * @throws when it cannot begin, or is told to end
 */
export async function runDrill(name: DrillName, seconds: number, { cluster, url, say, signal }: Surroundings): Promise<DrillReport> {
  const drill = CATALOGUE[name];
  say("waiting until the cluster is whole");
  const lacks = await cluster.untilWhole(READY_LIMIT_MS, signal);
  if (lacks.length > 0) throw new Error(`the cluster must be whole before anything is broken: ${lacks.join(", ")}`);
  const requestLimitMs = drill.requestLimitMs ?? (await cluster.storeTimeoutMs()) + SPARE_MS;
  const load = new Load(await findShop(url));
  try {
    const at = new Date().toISOString();
    say(`${load.clients} clients fill their carts`);
    await load.start();
    await delay(CALM_MS, undefined, { signal });
    const outcome = await breakIt(drill, seconds, { cluster, load, say, signal });
    say("the cluster is whole again");
    await delay(CALM_MS, undefined, { signal });
    say("every client looks a last time, by any node");
    await load.stop();
    say(`judging ${load.requests.length} requests`);
    const repairs = repairLines(await cluster.events(), performance.timeOrigin + outcome.faultAt);
    return report({ name, drill, at, requestLimitMs, load, outcome, repairs });
  } finally {
    load.abort();
    await cluster.endFaults();
  }
}

interface Ran {
  name: DrillName;
  drill: Drill;
  at: string;
  requestLimitMs: number;
  load: Load;
  outcome: Outcome;
  repairs: string[];
}

function report({ name, drill, at, requestLimitMs, load, outcome, repairs }: Ran): DrillReport {
  const { did, touched, sessionsBefore, faultAt, endedAt, wholeAt, missing } = outcome;
  const history = load.requests.flatMap((request) => operationsOf(request, load.shop.products));
  const measured = {
    drill: name,
    at,
    did,
    repairs,
    clients: load.clients,
    sessionsBefore,
    ...losses(history, judge(history), faultAt),
    steeredMs: steeredMs(load.requests, touched, faultAt),
    recoveredMs: missing.length === 0 ? rounded(wholeAt - endedAt) : null,
    ...(drill.isOfStore ? { writesBackMs: writesBackMs(load.requests, endedAt) } : {}),
    ...figures(load.requests),
    requestLimitMs,
  };
  return { ...measured, broken: brokenPromises(measured, missing) };
}
