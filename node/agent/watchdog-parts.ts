import type { Logger } from "pino";
import { ownerOf } from "../app/own-data";
import { sinceBootMs } from "../health/awake-clock";
import { WatchedLoops } from "../health/watched-loops";
import { APP_USER, WATCHDOG_SOCKET } from "../paths";

/** Milliseconds in which one stall is logged: an application can have many. */
const LOG_EVERY_MS = 1000;

/** The agent's end of the watchdogs in the application's programs. */
export async function watchedLoops(log: Logger): Promise<WatchedLoops> {
  let loggedAt = Number.NEGATIVE_INFINITY;
  const loops = new WatchedLoops({
    socketPath: WATCHDOG_SOCKET,
    gid: (await ownerOf(APP_USER)).gid,
    clock: sinceBootMs,
    onStall: ({ pid, forMs, kind }) => {
      if (sinceBootMs() - loggedAt < LOG_EVERY_MS) return;
      loggedAt = sinceBootMs();
      log.info({ pid, forMs, kind }, "an event loop does not turn");
    },
  });
  await loops.listen();
  return loops;
}
