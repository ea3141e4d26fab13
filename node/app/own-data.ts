import { lchown, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataFolders } from "./data-folders";

export interface Owner {
  uid: number;
  gid: number;
}

/** Makes the data folders and gives them, with what the release brought in them, to the application's user. */
export async function ownData(folder: string, globs: readonly string[], owner: Owner): Promise<void> {
  for (const data of dataFolders(globs)) {
    const root = join(folder, data);
    await mkdir(root, { recursive: true });
    const inside = await readdir(root, { recursive: true });
    for (const path of [root, ...inside.map((name) => join(root, name))]) await give(path, owner);
  }
}

/** EINVAL: the user does not exist in this user namespace, where units run as root and can write anyway. @see user_namespaces(7) */
async function give(path: string, { uid, gid }: Owner): Promise<void> {
  await lchown(path, uid, gid).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EINVAL") throw error;
  });
}

export async function ownerOf(user: string, passwdFile = "/etc/passwd"): Promise<Owner> {
  const line = (await readFile(passwdFile, "utf8")).split("\n").find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`${passwdFile}: must have the user ${user}`);
  return { uid: Number(uid), gid: Number(gid) };
}
