/** Flags of a mount that an ordinary user's namespace may not take away when it mounts a part of it again. @see mount_namespaces(7) */
const LOCKED = ["nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime"];

const unescape = (path: string): string => path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Those flags of the mount that `path` is on, out of /proc/self/mountinfo. */
export function lockedFlags(mountInfo: string, path: string): string[] {
  const mounts = mountInfo
    .split("\n")
    .map((line) => line.split(" "))
    .map((fields) => ({ point: unescape(fields[4] ?? ""), options: (fields[5] ?? "").split(",") }))
    .filter(({ point }) => point === "/" || path === point || (point !== "" && path.startsWith(`${point}/`)));
  // Of several mounts on one point the last is seen.
  const longest = Math.max(0, ...mounts.map(({ point }) => point.length));
  const seen = mounts.findLast(({ point }) => point.length === longest);
  return LOCKED.filter((flag) => seen?.options.includes(flag));
}
