export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

/** The account of a name, out of /etc/passwd's text. */
export function findAccount(passwd: string, name: string): Account {
  const line = passwd.split("\n").find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid, , home = "/", shell = "/bin/sh"] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`/etc/passwd: must have the user ${name}`);
  return { name, uid: Number(uid), gid: Number(gid), home, shell };
}

export function findGroupId(group: string, name: string): number {
  const gid = group
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`))
    ?.split(":")[2];
  if (gid === undefined) throw new Error(`/etc/group: must have the group ${name}`);
  return Number(gid);
}

/**
 * Does this user namespace have the id? (`inside outside count` a line, /proc/self/uid_map.) In a rootless lab only root exists, and
 * units of other users run as root.
 */
export const isMapped = (uidMap: string, id: number): boolean =>
  uidMap
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => id >= first && id < first + count);
