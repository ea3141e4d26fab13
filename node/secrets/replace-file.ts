import { chown, open, rename, rm } from "node:fs/promises";

export interface FileRights {
  mode: number;
  /** Undefined: the agent's own. */
  gid?: number;
}

/** Puts a file in another's place in one step, so that every reader finds one of the two, whole. Its rights are set before the first byte is in it. */
export async function replaceFile(file: string, text: string, { mode, gid }: FileRights): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  const handle = await open(draft, "wx", 0o600);
  try {
    if (gid !== undefined) await giveGroup(draft, gid);
    await handle.chmod(mode);
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** EINVAL: the group does not exist in this user namespace, where units run as root and can read anyway. @see user_namespaces(7) */
export async function giveGroup(path: string, gid: number): Promise<void> {
  await chown(path, -1, gid).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EINVAL") throw error;
  });
}
