import type { Application } from "../../contract/application";
import { LAUNCH_HOOK } from "../../contract/lifecycle";
import type { HookResult } from "../lifecycle/hooks";
import { Refused } from "../release/refused";
import type { Parts } from "./parts";
import { retried, until } from "./wait";

/** The application, installed and started. Undefined when the release was refused: the node will never serve. */
export async function install(parts: Parts): Promise<Application | undefined> {
  const wait = { what: "the release to be installed", limitMs: parts.timing.fetchLimitMs, pollMs: 1000 };
  try {
    const isAdopted = parts.ladderFile.read() !== undefined;
    return await retried(
      wait,
      (error) => error instanceof Refused,
      () => parts.install(isAdopted),
    );
  } catch (error) {
    // A node that once joined its group has no launch to abandon: the agent ends, and its next start tries again.
    if (await parts.launched.read()) throw error;
    await refuse(parts, (error as Error).message);
    return undefined;
  }
}

/** Waits until the node is healthy and says so to its group; refuses the release when that takes too long. */
export async function join(parts: Parts, leaving: AbortSignal): Promise<void> {
  if (await parts.launched.read()) return;
  const { status, timing, log } = parts;
  const limit = { limitMs: timing.startLimitMs, pollMs: timing.watchMs };
  if (!(await until(limit, () => status.health.state === "healthy" || leaving.aborted))) {
    const reasons = status.health.reasons.join(", ");
    const output = await parts.lastOutput();
    return refuse(parts, `not healthy within ${timing.startLimitMs / 1000} s (${reasons}); last output: ${output || "none"}`);
  }
  if (leaving.aborted) return;
  if (!(await complete(parts, "CONTINUE", leaving))) return;
  await parts.launched.write();
  log.info("joined the group");
}

async function refuse(parts: Parts, reason: string): Promise<void> {
  parts.status.end = { state: "failed", reason: `release refused: ${reason}` };
  parts.say(`release refused: ${reason}`);
  await complete(parts, "ABANDON");
}

/** The agent can be faster than the group, which waits for its hook only once the instance runs. */
async function complete({ hooks, timing, log }: Parts, result: HookResult, leaving?: AbortSignal): Promise<boolean> {
  let isCompleted = false;
  await until({ limitMs: timing.hookLimitMs, pollMs: timing.lifecyclePollMs }, async () => {
    isCompleted = await hooks.complete(LAUNCH_HOOK, result).catch((error: Error) => {
      log.warn({ reason: error.message }, "the launch hook could not be completed yet");
      return false;
    });
    return isCompleted || leaving?.aborted === true;
  });
  if (!isCompleted && leaving?.aborted !== true) log.warn({ result, waitedMs: timing.hookLimitMs }, "the group did not wait for the launch hook");
  return isCompleted;
}
