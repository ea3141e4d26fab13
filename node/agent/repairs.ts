import { readFile } from "node:fs/promises";
import type { Application } from "../../contract/application";
import { secretsIn } from "../app/app-env";
import { ownerOf } from "../app/own-data";
import { end, restartApp } from "../app/restart-app";
import { type CommandPlace, output } from "../health/command";
import { diagnose } from "../health/diagnosis";
import type { DiagnosisStore } from "../health/diagnosis-store";
import { ageMs } from "../health/proc";
import type { GroupHealth } from "../lifecycle/group-health";
import { APP_ENV_FILE, APP_USER, CURRENT_LINK, GATE_UNIT } from "../paths";
import type { Identity } from "../identity/imds";
import type { Repair } from "./parts";
import type { Units } from "./units";

export interface RepairsArgs {
  units: Units;
  identity: Identity;
  release: string;
  store: Pick<DiagnosisStore, "keep">;
  group: Pick<GroupHealth, "reportUnhealthy">;
  lastOutput: () => Promise<string>;
  /** Of a Node.js program's threads. */
  stacks: ((pid: number) => Promise<string | undefined>) | undefined;
  clock: () => number;
}

/** A sick application's clients are served elsewhere or wait: what is not known by then is not waited for. Milliseconds. */
const DIAGNOSE_LIMIT_MS = 2000;

export function repairs({ units, identity, release, store, group, lastOutput, stacks, clock }: RepairsArgs): Repair {
  return {
    async diagnose(application, about) {
      const { pid, ...seen } = about;
      const command = application.diagnose;
      const found = await diagnose({
        about: { node: identity.id, release, at: new Date().toISOString(), ...seen },
        pid,
        limitMs: DIAGNOSE_LIMIT_MS,
        lastOutput,
        own: command === undefined ? undefined : (of, limitMs) => ownCommand(command, of, limitMs),
        stacks,
        secrets: secretsIn(await readFile(APP_ENV_FILE, "utf8").catch(() => "")),
      });
      return store.keep(found);
    },

    restartApp: (application: Application, ladder, pid) =>
      restartApp({
        units,
        pid,
        stop: application.stop,
        cause: ladder.fault?.cause ?? "no-answer",
        begunAgoMs: clock() - (ladder.restartBegunAt ?? clock()),
        ageMs,
      }),

    async restartGate() {
      // What ended by itself is being started by systemd; what hangs hears nothing else.
      if ((await units.status(GATE_UNIT)).pid !== undefined) await units.signal(GATE_UNIT, "SIGKILL");
      await units.start(GATE_UNIT);
    },

    async reportUnhealthy(pid) {
      if (pid !== undefined) end(pid);
      await group.reportUnhealthy();
    },
  };
}

async function ownCommand(command: string, pid: number, limitMs: number): Promise<string> {
  const { PATH = "/usr/bin:/bin" } = process.env;
  const place: CommandPlace = { cwd: CURRENT_LINK, env: { PATH, PID: String(pid) } };
  const shell = ["-c", command];
  try {
    return await output("/bin/sh", shell, limitMs, { ...place, ...(await ownerOf(APP_USER)) });
  } catch (error) {
    // The user does not exist in this user namespace, where units run as root. @see user_namespaces(7)
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    return output("/bin/sh", shell, limitMs, place);
  }
}
