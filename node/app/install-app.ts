import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Application } from "../../contract/application";
import type { Units } from "../agent/units";
import { APP_ENV_FILE, APP_LOG_FILE, APP_START_FILE, APP_UNIT, APP_UNIT_FILE, APP_USER, CURRENT_LINK } from "../paths";
import { replaceFile } from "../secrets/replace-file";
import { renderEnvFile } from "./app-env";
import { renderAppUnit, renderStartFile } from "./app-unit";
import { ownData, ownerOf } from "./own-data";

export interface InstallAppArgs {
  units: Units;
  application: Application;
  folder: string;
  /** Asked only when the application does not run yet: it needs the session store's token and the cookies' secret. */
  env: (application: Application) => Promise<Record<string, string>>;
  /** False: only what a start needs is written. */
  start: boolean;
}

/** Writes the unit and starts it; an application that runs is left as it is. */
export async function installApp({ units, application, folder, env, start }: InstallAppArgs): Promise<void> {
  if ((await units.status(APP_UNIT)).active) return;
  await ownData(folder, application.data, await ownerOf(APP_USER));
  await mkdir(dirname(APP_ENV_FILE), { recursive: true });
  await replaceFile(APP_ENV_FILE, renderEnvFile(await env(application)), { mode: 0o600 });
  await write(APP_START_FILE, renderStartFile(application.start));
  const unit = {
    application,
    user: APP_USER,
    folder: CURRENT_LINK,
    startFile: APP_START_FILE,
    envFile: APP_ENV_FILE,
    logFile: APP_LOG_FILE,
  };
  await write(APP_UNIT_FILE, renderAppUnit(unit));
  await units.reread();
  if (start) await units.start(APP_UNIT);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
}
