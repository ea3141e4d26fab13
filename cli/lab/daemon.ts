import { spawn } from "node:child_process";
import { mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { daemonGreetingSchema, LAB_FILE, type LabFile } from "../../contract/lab-file";
import { Failure } from "../failure";
import { projectDir } from "../project";
import { isAlive, labDir, runningLab } from "./place";

/** How long a lab has to end, in milliseconds; the daemon ends the rest by force after 10 s. */
const DOWN_LIMIT_MS = 15_000;

/** Starts the lab's daemon, which outlives this command. @throws Failure with the daemon's own words. */
export async function startDaemon(port: number | undefined): Promise<LabFile> {
  mkdirSync(join(labDir(), "logs"), { recursive: true });
  const log = openSync(join(labDir(), "logs/daemon.log"), "w");
  const env = { ...process.env, NPLUS1_LAB_DIR: labDir(), ...(port === undefined ? {} : { NPLUS1_PORT: String(port) }) };
  const daemon = spawn(process.execPath, ["--enable-source-maps", join(projectDir(), "dist/lab/daemon.cjs")], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", log],
  });
  const { stdout } = daemon;
  if (!stdout) throw new Error("spawned without a standard output");
  const line = await new Promise<string>((resolve, reject) => {
    daemon.once("error", reject);
    daemon.once("close", (code) =>
      reject(new Failure(`the lab's daemon ended (exit code ${String(code)}); see ${join(labDir(), "logs/daemon.log")}`)),
    );
    createInterface({ input: stdout }).once("line", resolve);
  });
  daemon.unref();
  stdout.destroy();
  const greeting = daemonGreetingSchema.parse(JSON.parse(line));
  if ("error" in greeting) throw new Failure(greeting.error);
  return greeting.ready;
}

/** What a lab makes in its folder, but for the logs. The folder may be anybody's, so nothing else in it is touched. */
const OWN_ENTRIES = ["ca", "functions", "image", "instances", LAB_FILE, "pulumi", "pulumi-home"];

/** Removes what a lab that is gone left in its folder; its logs stay, they may say why. */
export function clearLabDir(): void {
  for (const entry of OWN_ENTRIES) rmSync(join(labDir(), entry), { recursive: true, force: true });
}

/** Ends the running lab, if any, waits until it is gone and clears its folder. */
export async function stopDaemon(): Promise<boolean> {
  const lab = runningLab();
  if (!lab) {
    clearLabDir();
    return false;
  }
  process.kill(lab.pid, "SIGTERM");
  const deadline = Date.now() + DOWN_LIMIT_MS;
  while (isAlive(lab.pid)) {
    if (Date.now() > deadline) {
      // Its children die with it, and what they hold with them.
      process.kill(lab.pid, "SIGKILL");
      throw new Failure(`the lab's daemon (process ${lab.pid}) did not end within ${DOWN_LIMIT_MS / 1000} s and was killed`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clearLabDir();
  return true;
}
