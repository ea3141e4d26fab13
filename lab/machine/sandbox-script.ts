import { rootLines, type RootScriptArgs } from "./root-script";
import { LAB_NODE } from "./tool-paths";

/** Inside a function's sandbox. */
export const TASK_ROOT = "/var/task";
export const RUNTIME_FILE = "/var/runtime/index.cjs";

export interface SandboxScriptArgs extends RootScriptArgs {
  /** Flags of the root folder's mount to keep, see mount-flags. */
  rootFlags: readonly string[];
  /** Size of /tmp. */
  tmpMiB: number;
}

/**
 * The first process of a function's sandbox: makes its root folder the root, read-only but for /tmp as on AWS, and becomes Node.js with the
 * arguments that follow. The caller's child is that Node.js: it has the mounts of its own and the process ids of the lab.
 */
export const sandboxScript = ({ rootFlags, tmpMiB, ...args }: SandboxScriptArgs): string =>
  [
    "set -e",
    "own=$PATH PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    ...rootLines(args),
    `mount -t tmpfs -o mode=1777,size=${tmpMiB}m tmpfs tmp`,
    `mount -o ${["remount", "bind", "ro", ...rootFlags].join(",")} /`,
    `cd ${TASK_ROOT}`,
    "PATH=$own",
    "unset OLDPWD",
    `exec ${LAB_NODE} "$@"`,
  ].join("\n");
