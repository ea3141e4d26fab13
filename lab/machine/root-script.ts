export interface ReadOnlyMount {
  source: string;
  /** Below the root folder. */
  target: string;
  /** Flags to keep, see mount-flags. */
  flags: readonly string[];
}

export interface RootScriptArgs {
  root: string;
  mounts: readonly ReadOnlyMount[];
}

const DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];

export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Makes a folder the root of this mount namespace, with what programs expect of one. */
export const rootLines = ({ root, mounts }: RootScriptArgs): string[] => [
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
  // Its own name: sandboxes share a root folder.
  "mkdir .old$$",
  "pivot_root . .old$$",
  "cd /",
  "umount -l /.old$$",
  "rmdir /.old$$",
];
