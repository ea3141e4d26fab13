import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Application } from "../../contract/application";
import type { Units } from "../agent/units";
import { APP_ENV_FILE, APP_LOG_FILE, APP_START_FILE, APP_UNIT, APP_UNIT_FILE, APP_USER, CURRENT_LINK } from "../paths";
import { renderEnvFile } from "./app-env";
import { renderAppUnit, renderStartFile } from "./app-unit";
import { ownData, ownerOf } from "./own-data";

export interface InstallAppArgs {
  units: Units;
  application: Application;
  folder: string;
  /** Asked only when the application does not run yet: it needs the session store's token. */
  env: () => Promise<Record<string, string>>;
}

/** Writes the unit and starts it; an application that runs is left as it is. */
export async function installApp({ units, application, folder, env }: InstallAppArgs): Promise<void> {
  if ((await units.status(APP_UNIT)).active) return;
  await ownData(folder, application.data, await ownerOf(APP_USER));
  await writePrivate(APP_ENV_FILE, renderEnvFile(await env()));
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
  await units.start(APP_UNIT);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
}

/** 0600 before the first byte is in it, also when the file was there. */
async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "", { mode: 0o600 });
  await chmod(file, 0o600);
  await writeFile(file, text);
}
