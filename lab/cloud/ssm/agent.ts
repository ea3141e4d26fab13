import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execCommand } from "../../machine/exec-command";
import { run } from "../../machine/run";
import type { CommandStep } from "./command-document";

/** An instance as its agent knows it. */
export interface ManagedInstance {
  id: string;
  /** Of its first process, as the host sees it. */
  hostPid: number;
  rootDir: string;
  netns: string;
}

export interface Ran {
  /** Null: it was killed from outside. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Milliseconds in which an instance must reach Systems Manager. */
const REACH_MS = 2000;

/** Exit codes of timeout(1) when the time is over: of its own, or of the killed. */
export const TIMED_OUT_CODES = [124, 137];

/** What the agent on an instance does, done from outside: the image has no agent. */
export const agent = {
  /** Does the instance reach the service by its own network? An agent that does not gets no commands. */
  async reaches({ netns }: ManagedInstance, address: string): Promise<boolean> {
    try {
      await run(["bash", "-c", `exec 3<>/dev/tcp/${address}/443`], { netns, limitMs: REACH_MS });
      return true;
    } catch {
      return false;
    }
  },

  /** Runs a step in the instance as the agent does: as root, a script in its own folder. Cancelling ends the script and what it started. */
  async run({ id, hostPid, rootDir }: ManagedInstance, commandId: string, step: CommandStep, signal: AbortSignal): Promise<Ran> {
    const folder = `/var/lib/amazon/ssm/${id}/document/orchestration/${commandId}/${step.name}`;
    mkdirSync(join(rootDir, folder), { recursive: true });
    writeFileSync(join(rootDir, folder, "_script.sh"), step.script, { mode: 0o700 });
    // timeout(1) leads the group of the script's processes, and passes on the signal that cancels.
    const start = `echo $$ > ${folder}/_pid; cd "$1" || exit; exec timeout --kill-after=1 "$2" /bin/sh ${folder}/_script.sh`;
    const argv = ["env", "AWS_SSM_REGION_NAME=us-east-1", `AWS_SSM_INSTANCE_ID=${id}`, "/bin/sh", "-c", start, "ssm"];
    const inInstance = (words: readonly string[]): [string, string[]] => {
      // From inside the lab, in whose user namespace this process is already.
      const [file = "", ...args] = execCommand(hostPid, words, { rootless: false });
      return [file, args];
    };
    const child = spawn(...inInstance([...argv, step.workingDirectory ?? "/", String(step.timeoutSeconds)]), { stdio: ["ignore", "pipe", "pipe"] });
    const cancel = (): void => {
      const pid = readFileSync(join(rootDir, folder, "_pid"), "utf8").trim();
      spawn(...inInstance(["kill", "-TERM", pid]), { stdio: "ignore" }).once("error", () => undefined);
    };
    signal.addEventListener("abort", cancel, { once: true });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    signal.removeEventListener("abort", cancel);
    return { code, stdout, stderr };
  },
};
