import type { ServiceUnit } from "./unit-file";

/** How a main process ended; `signal` when one ended it. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Signals by which a service may end well. @see systemd.service(5), SuccessExitStatus= */
const CLEAN_SIGNALS: readonly (string | null)[] = ["SIGHUP", "SIGINT", "SIGTERM", "SIGPIPE"];

export const endedWell = ({ code, signal }: Ending): boolean => code === 0 || CLEAN_SIGNALS.includes(signal);

/** systemd's table of Restart= against the way the process ended. @see systemd.service(5), table 1 */
export function restarts(restart: ServiceUnit["restart"], ending: Ending): boolean {
  const abnormal = ending.signal !== null && !endedWell(ending);
  switch (restart) {
    case "no":
      return false;
    case "always":
      return true;
    case "on-success":
      return endedWell(ending);
    case "on-failure":
      return !endedWell(ending);
    case "on-abnormal":
    case "on-abort":
      return abnormal;
  }
}

/** Too many starts in the interval: the unit stays failed. An interval of 0 turns the limit off. */
export function isStartLimitHit(
  startsMs: readonly number[],
  nowMs: number,
  unit: Pick<ServiceUnit, "startLimitIntervalMs" | "startLimitBurst">,
): boolean {
  if (unit.startLimitIntervalMs === 0 || unit.startLimitBurst === 0) return false;
  return startsMs.filter((start) => nowMs - start < unit.startLimitIntervalMs).length >= unit.startLimitBurst;
}
