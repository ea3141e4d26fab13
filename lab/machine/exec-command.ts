/** What a command on a node finds: the image's commands first. */
export const NODE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * A command on a node, from the host: all namespaces of the instance's init (`hostPid`, as the host sees it), whose root folder comes with
 * its mount namespace. An ordinary user, who owns the lab's user namespace, enters that first and keeps the ids it maps him to.
 */
export function execCommand(hostPid: number, argv: readonly string[], options: { rootless: boolean; term?: string }): string[] {
  return [
    "nsenter",
    `--target=${hostPid}`,
    ...(options.rootless ? ["--user", "--preserve-credentials"] : []),
    "--mount",
    "--uts",
    "--net",
    "--pid",
    "--",
    "/usr/bin/env",
    "-i",
    `PATH=${NODE_PATH}`,
    "HOME=/root",
    "LANG=C.UTF-8",
    ...(options.term === undefined ? [] : [`TERM=${options.term}`]),
    ...argv,
  ];
}
