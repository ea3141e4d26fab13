import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";

export const USER_DATA_LOG = "/var/log/cloud-init-output.log";
const FOLDER = "/var/lib/cloud/instance";

/** cloud-init's environment: root's, without a login. */
const ENV = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8" };

/** Runs user data once, at first boot, as cloud-init does with a script; resolves with its exit code. */
export async function runUserData(userData: string): Promise<number> {
  const log = openSync(USER_DATA_LOG, "a");
  try {
    if (!userData.startsWith("#!")) {
      writeSync(log, "user data: must begin with #! to be run, as the lab has no cloud-config\n");
      return userData === "" ? 0 : 1;
    }
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/user-data.txt`, userData, { mode: 0o700 });
    const child = spawn(`${FOLDER}/user-data.txt`, [], { cwd: "/", env: ENV, stdio: ["ignore", log, log], detached: true });
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (exitCode, signal) => resolve(exitCode ?? (signal === null ? 1 : 128)));
    });
    writeSync(log, `user data ended with code ${code}\n`);
    return code;
  } finally {
    closeSync(log);
  }
}
