import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { install, join } from "./launch";
import { leave } from "./leave";
import type { Parts } from "./parts";
import { Report } from "./report";
import { Watch } from "./watch";

/**
 * A node's life: install, be watched, join the group, serve until told to leave, leave. The loops are not awaited: what they do not
 * expect is an unhandled rejection, which ends the process; systemd starts the agent anew, and it adopts what runs.
 */
export async function live(parts: Parts, stopped: AbortSignal): Promise<void> {
  const { timing } = parts;
  const leaving = new AbortController();
  const before = parts.ladderFile.read();
  // Until the first look the node is what it was: an agent that is started again takes no node out of the load balancer.
  if (before !== undefined) parts.status.health = { state: before.step, reasons: before.fault === null ? [] : [before.fault.reason], trouble: null };
  await listen(parts, leaving);
  void every(timing.lifecyclePollMs, stopped, () => listen(parts, leaving));
  const report = new Report(parts);
  void every(timing.renewMs, stopped, async () => void (await report.renew()));
  const watch = leaving.signal.aborted ? undefined : await serve(parts, report, leaving.signal, stopped);
  if (!leaving.signal.aborted) await once(leaving.signal, "abort");
  // A repair that is under way is ended first, and none is begun any more.
  await watch?.stop();
  await leave(parts);
}

async function serve(parts: Parts, report: Report, leaving: AbortSignal, stopped: AbortSignal): Promise<Watch | undefined> {
  const application = await install(parts);
  if (application === undefined) return undefined;
  const watch = new Watch(parts, application, report);
  void every(parts.timing.watchMs, stopped, () => watch.look());
  await join(parts, leaving);
  return watch;
}

/** The group tells a node to leave through its metadata. While that does not answer, the node goes on as it is. */
async function listen({ targetLifecycleState, log }: Parts, leaving: AbortController): Promise<void> {
  try {
    if ((await targetLifecycleState()) === "Terminated") leaving.abort();
  } catch (error) {
    log.warn({ reason: (error as Error).message }, "the instance metadata does not answer");
  }
}

/** At a steady pace, as long as one ends before the next is due. */
async function every(periodMs: number, stopped: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!stopped.aborted) {
    const from = performance.now();
    await act();
    await pause(Math.max(1, periodMs - (performance.now() - from)));
  }
}
