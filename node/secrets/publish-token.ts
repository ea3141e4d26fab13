import { chmod, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { withToken } from "../app/app-env";
import { giveGroup, replaceFile } from "./replace-file";

export interface PublishTokenArgs {
  token: string;
  /** The application's programs read it at each connection. The token and nothing else, no line end. */
  tokenFile: string;
  /** Of the application's user. */
  gid: number;
  /** What the application is started with, once there is one. */
  envFile: string;
}

/** Where the application finds the token, running or restarted. */
export async function publishToken({ token, tokenFile, gid, envFile }: PublishTokenArgs): Promise<void> {
  const folder = dirname(tokenFile);
  await mkdir(folder, { recursive: true });
  await giveGroup(folder, gid);
  await chmod(folder, 0o750);
  await replaceFile(tokenFile, token, { mode: 0o440, gid });

  const before = await readFile(envFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (before === undefined) return;
  const after = withToken(before, token);
  if (after !== before) await replaceFile(envFile, after, { mode: 0o600 });
}
