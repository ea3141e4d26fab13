import { TERMINATE_HOOK } from "../../contract/lifecycle";
import { APP_UNIT, GATE_UNIT } from "../paths";
import type { Parts } from "./parts";
import { until } from "./wait";

/** For the last events to arrive, in milliseconds. */
const FLUSH_MS = 3000;

/**
 * The way out. The health answer is 503 from the first moment, but requests that still come are served: the load balancer stops sending
 * at its own pace. When none came for a while the gate refuses, the application stops by its own signal and grace, and the hook is completed.
 */
export async function leave(parts: Parts): Promise<void> {
  const { status, units, timing, log } = parts;
  status.end = { state: "draining", reason: "the node is leaving its group" };
  parts.events.tell({ event: "leaving", reason: status.end.reason });
  log.info("leaving: serving what still comes");
  if ((await units.status(GATE_UNIT)).active) await drain(parts);
  if ((await units.status(APP_UNIT)).active) await units.stop(APP_UNIT);
  await Promise.all([parts.budget.giveBack(), parts.events.flush(FLUSH_MS)]);
  const limit = { limitMs: timing.drainLimitMs, pollMs: timing.lifecyclePollMs };
  const isDone = await until(limit, () =>
    parts.hooks.complete(TERMINATE_HOOK, "CONTINUE").catch((error: Error) => {
      log.warn({ reason: error.message }, "the termination hook could not be completed yet");
      return false;
    }),
  );
  if (isDone) log.info("left");
  else log.warn({ waitedMs: timing.drainLimitMs }, "the group did not wait for the termination hook");
}

async function drain({ status, gate, timing, log }: Parts): Promise<void> {
  let before: number | undefined;
  let quietSince = performance.now();
  const isQuiet = await until({ limitMs: timing.drainLimitMs, pollMs: timing.watchMs }, async () => {
    const counted = await gate.tell("status").catch((error: Error) => {
      log.warn({ reason: error.message }, "the gate does not say what it holds");
      return undefined;
    });
    const came = counted && counted.admitted + counted.passed;
    if (counted === undefined || counted.inFlight > 0 || came !== before) quietSince = performance.now();
    before = came;
    status.inFlight = counted?.inFlight ?? status.inFlight;
    return performance.now() - quietSince >= timing.quietMs;
  });
  if (!isQuiet) log.warn({ inFlight: status.inFlight, waitedMs: timing.drainLimitMs }, "leaving with requests in flight");
  await gate.tell("refuse").catch((error: Error) => log.warn({ reason: error.message }, "the gate could not be closed"));
}
