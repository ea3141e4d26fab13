import { mkdir, mkdtemp, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type ReleaseSource, saveVerified } from "./download";
import { RELEASE_LIMITS } from "./entry";
import { Refused } from "./refused";
import { unpack } from "./unpack";

export interface ReleasePlaces {
  releasesDir: string;
  currentLink: string;
}

/** The release's folder, in place and current. A folder that is there was verified before it got its name. */
export async function installRelease(source: ReleaseSource, digest: string, places: ReleasePlaces): Promise<string> {
  const folder = join(places.releasesDir, digest);
  await mkdir(places.releasesDir, { recursive: true });
  if (!(await exists(folder))) await fetchInto(source, digest, places.releasesDir, folder);
  if (!(await isCurrent(digest, places))) await makeCurrent(folder, places.currentLink);
  return folder;
}

/** Whether the node's current release is this one, whole. */
export async function isCurrent(digest: string, { releasesDir, currentLink }: ReleasePlaces): Promise<boolean> {
  const folder = join(releasesDir, digest);
  const target = await readlink(currentLink).catch(absent);
  return target === folder && (await exists(folder));
}

async function fetchInto(source: ReleaseSource, digest: string, releasesDir: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(releasesDir, ".incoming-"));
  try {
    const archive = join(work, "release.tar");
    await saveVerified(await source.open(digest), digest, archive);
    const unpacked = join(work, "files");
    await mkdir(unpacked, { mode: 0o755 });
    await unpack(archive, unpacked, RELEASE_LIMITS).catch((cause: Error) => {
      throw new Refused(cause.message, { cause });
    });
    await rename(unpacked, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeCurrent(folder: string, currentLink: string): Promise<void> {
  const next = `${currentLink}.next`;
  await rm(next, { force: true });
  await symlink(folder, next);
  await rename(next, currentLink);
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(absent)) !== undefined;

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
