import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabStatus } from "../contract/lab-file";
import { WrongCall } from "./failure";
import { labStatus, theLab } from "./lab/place";

type Instance = LabStatus["instances"][number];

/** A node's logs, in the order in which they begin to matter. */
const LOGS = ["cloud-init-output.log", "nplus1/agent.log", "nplus1/gate.log", "nplus1/app.log"];

/** What a command on a node finds: the image's commands first. */
const NODE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

async function find(node: string): Promise<Instance> {
  const { instances } = await labStatus(theLab());
  const found = instances.find(({ id }) => id === node);
  if (!found) throw new WrongCall(`node: must be one of ${instances.map(({ id }) => id).join(", ")}, got ${node}`);
  return found;
}

/** Runs a command inside a node, in its file system, processes and network. Answers with its exit code. */
export async function execOn(node: string, command: string[]): Promise<number> {
  const { hostPid } = await find(node);
  const user = theLab().rootless ? ["--user", "--preserve-credentials"] : [];
  const namespaces = ["--target", String(hostPid), "--mount", "--net", "--pid", "--uts"];
  const settings = [`PATH=${NODE_PATH}`, "HOME=/root", "LANG=C.UTF-8", `TERM=${process.env.TERM ?? "dumb"}`];
  // This command's folder does not exist on the node, so the node's root is where it starts.
  const child = spawn("nsenter", [...user, ...namespaces, "--", "/usr/bin/env", "-i", "-C", "/", ...settings, ...command], { stdio: "inherit" });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

export async function logsOf(node: string): Promise<string> {
  const { root } = await find(node);
  return LOGS.flatMap((log) => {
    const file = join(root, "var/log", log);
    return existsSync(file) ? [`== /var/log/${log}`, readFileSync(file, "utf8").trimEnd()] : [];
  }).join("\n");
}
