import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { install, join } from "./launch";
import { leave } from "./leave";
import type { Parts } from "./parts";
import { Watch } from "./watch";

/**
 * A node's life: install, be watched, join the group, serve until told to leave, leave. The loops are not awaited: what they do not
 * expect is an unhandled rejection, which ends the process; systemd starts the agent anew, and it adopts what runs.
 */
export async function live(parts: Parts, stopped: AbortSignal): Promise<void> {
  const { timing } = parts;
  const leaving = new AbortController();
  await listen(parts, leaving);
  void every(timing.lifecyclePollMs, stopped, () => listen(parts, leaving));
  void every(timing.renewMs, stopped, () => parts.registry.renew(parts.status.entry(process.pid, new Date())));
  if (!leaving.signal.aborted) await serve(parts, leaving.signal, stopped);
  if (!leaving.signal.aborted) await once(leaving.signal, "abort");
  await leave(parts);
}

async function serve(parts: Parts, leaving: AbortSignal, stopped: AbortSignal): Promise<void> {
  const application = await install(parts);
  if (application === undefined) return;
  const watch = new Watch(parts, application);
  void every(parts.timing.watchMs, stopped, () => watch.look());
  await join(parts, leaving);
}

/** The group tells a node to leave through its metadata. While that does not answer, the node goes on as it is. */
async function listen({ targetLifecycleState, log }: Parts, leaving: AbortController): Promise<void> {
  try {
    if ((await targetLifecycleState()) === "Terminated") leaving.abort();
  } catch (error) {
    log.warn({ reason: (error as Error).message }, "the instance metadata does not answer");
  }
}

async function every(pauseMs: number, stopped: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!stopped.aborted) {
    await act();
    await pause(pauseMs);
  }
}
