import { closeSync, existsSync, readFileSync, writeSync } from "node:fs";
import { serveControl } from "./control";
import { Supervisor } from "./supervisor";
import { runUserData } from "./user-data";

/** The pipe to the lab: one line when user data begins. */
const REPORT_FD = 3;

/** Where the lab puts user data before boot. */
export const USER_DATA_FILE = "/var/lib/cloud/seed/user-data";

/** The instance's life: its control socket, user data, then the units that were started, until the instance is killed. It boots once. */
export async function boot(): Promise<void> {
  const supervisor = new Supervisor();
  await serveControl(supervisor);
  writeSync(REPORT_FD, "started\n");
  closeSync(REPORT_FD);
  const code = await runUserData(existsSync(USER_DATA_FILE) ? readFileSync(USER_DATA_FILE, "utf8") : "");
  process.stdout.write(`user data ended with code ${code}\n`);
}
