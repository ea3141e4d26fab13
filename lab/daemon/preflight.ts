import { spawnSync } from "node:child_process";

/** The command that puts another into the lab's inner world: when the daemon dies it dies, and with it all that runs inside. */
export const innerWorld = (rootless: boolean): string[] => [
  "setpriv",
  "--pdeathsig",
  "KILL",
  "unshare",
  ...(rootless ? ["--user", "--map-root-user"] : []),
  "--mount",
  "--net",
  "--pid",
  "--fork",
  "--kill-child",
];

/**
 * Tries what the lab rests on: namespaces, a mount and a firewall rule inside them.
 * @throws with what the kernel said and what a person can do.
 */
export function checkNamespaces(rootless: boolean): void {
  const [command = "", ...args] = innerWorld(rootless);
  const probe = "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add probe && ip netns exec probe nft list ruleset";
  const { status, stderr, error } = spawnSync(command, [...args, "sh", "-c", probe], { encoding: "utf8", timeout: 10_000 });
  if (status === 0) return;
  const said = (error?.message ?? stderr).trim().split("\n").at(-1) ?? "";
  const advice = rootless
    ? "this user may not make namespaces here: run as root, or let users have them (sysctl user.max_user_namespaces > 0, kernel.apparmor_restrict_unprivileged_userns = 0)"
    : "root may not make namespaces here (a container without CAP_SYS_ADMIN and CAP_NET_ADMIN?)";
  throw new Error(`no permission for namespaces: ${advice}. The kernel said: ${said}`);
}
