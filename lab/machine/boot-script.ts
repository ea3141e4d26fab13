import { NODE_PATH } from "./exec-command";
import { LAB_INIT, LAB_NODE } from "./tool-paths";

export interface ReadOnlyMount {
  source: string;
  /** Below the instance's root folder. */
  target: string;
  /** Flags to keep, see mount-flags. */
  flags: readonly string[];
}

export interface BootArgs {
  root: string;
  hostName: string;
  mounts: readonly ReadOnlyMount[];
}

const DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The first process of an instance's namespaces: makes its root folder the root, and becomes a shell that waits for init and reaps every
 * orphan meanwhile, which Node.js as the first process would not (libuv waits for its own children only). Says on descriptor 3 which
 * process of the host it is, while it still sees the host's /proc.
 */
export function bootScript({ root, hostName, mounts }: BootArgs): string {
  return [
    "set -e",
    "read -r pid rest < /proc/self/stat",
    'echo "pid $pid" >&3',
    `hostname ${quote(hostName)}`,
    `mount --bind ${quote(root)} ${quote(root)}`,
    `cd ${quote(root)}`,
    ...mounts.map(({ source, target, flags }) => `mount -o ${["rbind", "ro", ...flags].join(",")} ${quote(source)} ${quote(target)}`),
    "mount -t tmpfs -o mode=755 tmpfs dev",
    "mkdir dev/pts dev/shm",
    "mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts",
    "mount -t tmpfs -o mode=1777 tmpfs dev/shm",
    `for device in ${DEVICES.join(" ")}; do : > dev/$device; mount --bind /dev/$device dev/$device; done`,
    "ln -s pts/ptmx dev/ptmx",
    "ln -s /proc/self/fd dev/fd",
    "ln -s /proc/self/fd/0 dev/stdin",
    "ln -s /proc/self/fd/1 dev/stdout",
    "ln -s /proc/self/fd/2 dev/stderr",
    "mount -t sysfs -o ro sysfs sys",
    "mount -t proc proc proc",
    "mkdir -p .old",
    "pivot_root . .old",
    "cd /",
    "umount -l /.old",
    "rmdir /.old",
    `exec env -i PATH=${NODE_PATH} HOME=/root LANG=C.UTF-8 /bin/sh -c ${quote(`${LAB_NODE} ${LAB_INIT} boot & init=$!; exec 3>&-; wait $init`)}`,
  ].join("\n");
}
