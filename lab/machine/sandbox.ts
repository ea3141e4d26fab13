import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Image, readMountInfo } from "./image";
import { makeRoot, readOnlyMount, systemMounts } from "./instance-root";
import { lockedFlags } from "./mount-flags";
import { inNetns } from "./run";
import { RUNTIME_FILE, sandboxScript, TASK_ROOT } from "./sandbox-script";
import type { ToolPaths } from "./tool-paths";

export interface SandboxSpec {
  netns: string;
  /** This machine's folder that the function sees as its task, read-only. */
  taskDir: string;
  /** This machine's file that is the runtime. */
  runtimeFile: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  /** Size of /tmp. */
  tmpMiB: number;
  /** Of Node.js, before the runtime. */
  nodeArguments: readonly string[];
}

/** The root folder that all sandboxes share: they write nothing in it. */
export function makeSandboxRoot(root: string, image: Image): void {
  makeRoot(root, image, { hostName: "localhost", privateIp: "127.0.0.1", userData: "" });
  for (const folder of [TASK_ROOT, "/var/runtime"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, RUNTIME_FILE), "");
}

/**
 * A function's process: this child is Node.js itself, leader of a process group of its own. Without process ids of its own, so that its end
 * is told as it was: the first process of such a namespace cannot abort.
 */
export function startSandbox(root: string, image: Image, tools: ToolPaths, spec: SandboxSpec): ChildProcess {
  const mounts = [
    ...systemMounts(image, tools),
    readOnlyMount(spec.taskDir, TASK_ROOT.slice(1)),
    readOnlyMount(spec.runtimeFile, RUNTIME_FILE.slice(1)),
  ];
  const script = sandboxScript({ root, mounts, tmpMiB: spec.tmpMiB, rootFlags: lockedFlags(readMountInfo(), root) });
  const argv = ["unshare", "--mount", "--", "/bin/sh", "-c", script, "sandbox", ...spec.nodeArguments, RUNTIME_FILE];
  const [file = "", ...args] = inNetns(spec.netns, argv);
  return spawn(file, args, { env: { ...spec.env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
}
