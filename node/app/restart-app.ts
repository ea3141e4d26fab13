import type { Application } from "../../contract/application";
import type { Cause } from "../../contract/events";
import { isAlive } from "../agent/processes";
import { until } from "../agent/wait";
import type { Units } from "../agent/units";
import { APP_UNIT } from "../paths";

export interface RestartAppArgs {
  units: Units;
  /** Its main process, as it was seen last; undefined when none was. */
  pid: number | undefined;
  stop: Application["stop"];
  cause: Cause;
  /** How long ago this restart was begun, by this agent or the one before, in milliseconds. */
  begunAgoMs: number;
  /** How long ago a process began, in milliseconds; undefined when it is gone. */
  ageMs: (pid: number) => Promise<number | undefined>;
}

/** All in milliseconds. A sick application has less time to stop than its own grace: its clients are served elsewhere meanwhile. */
const GENTLE_MS = 2000;
const KILL_LIMIT_MS = 5000;
const POLL_MS = 10;
const AGE_PRECISION_MS = 20;

/** An application in this state does not hear its stop signal, or hears it when it goes on, in the middle of what it was stopped in. */
const DEAF: readonly Cause[] = ["no-answer", "no-progress", "event-loop"];

/**
 * Ends what is left of the application and starts it anew. Done a second time, after it was cut off, it finds the new process and lets it be.
 * Its requests wait in it: the process is ended first, and the service manager, which takes its time, asked afterwards.
 */
export async function restartApp({ units, pid, stop, cause, begunAgoMs, ageMs }: RestartAppArgs): Promise<void> {
  const known = pid ?? (await units.status(APP_UNIT)).pid;
  const age = known === undefined ? undefined : await ageMs(known);
  if (known !== undefined && age !== undefined) {
    if (age < begunAgoMs - AGE_PRECISION_MS) return;
    if (!DEAF.includes(cause) && stop.graceMs > 0) {
      await signal(units, stop.signal);
      await until({ limitMs: Math.min(stop.graceMs, GENTLE_MS), pollMs: POLL_MS }, () => !isAlive(known));
    }
    end(known);
    await until({ limitMs: KILL_LIMIT_MS, pollMs: POLL_MS }, () => !isAlive(known));
  }
  if ((await units.status(APP_UNIT)).active) {
    // Whatever else belongs to it.
    await signal(units, "SIGKILL");
    const isEnded = await until({ limitMs: KILL_LIMIT_MS, pollMs: POLL_MS }, async () => !(await units.status(APP_UNIT)).active);
    if (!isEnded) throw new Error(`the application has not ended for ${KILL_LIMIT_MS} ms after SIGKILL`);
  }
  await units.start(APP_UNIT);
}

/** What ended by itself meanwhile needs no signal. */
async function signal(units: Units, name: NodeJS.Signals): Promise<void> {
  await units.signal(APP_UNIT, name).catch(async (error: Error) => {
    if ((await units.status(APP_UNIT)).active) throw error;
  });
}

/** One that has ended already is no fault. */
export function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
