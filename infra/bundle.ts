import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { pack } from "tar-stream";

export interface Bundle {
  /** SHA-256 of the tar, in hex: the release's name. */
  digest: string;
  tar: Buffer;
}

/** Never part of a release: version control, and what package managers note of their own runs. */
const LEFT_OUT = new Set([".git", ".gitignore", ".DS_Store", "__pycache__", ".package-lock.json", ".nplus1-lock"]);

interface Entry {
  /** Relative, `/`-separated. */
  path: string;
  kind: "file" | "directory" | "symlink";
  /** Owner may execute. */
  executable: boolean;
}

/**
 * The canonical tar of a folder: sorted paths, mtime 0, owner 0, modes 644 and 755, uncompressed. The same content gives the same bytes on any
 * machine. `isData` tells what the application writes itself, which is no part of a release.
 * @throws Error for a link that leaves the folder, and for what is neither file, folder nor link.
 */
export async function bundle(folder: string, isData: (path: string) => boolean): Promise<Bundle> {
  const archive = pack();
  const chunks: Buffer[] = [];
  const hash = createHash("sha256");
  const whole = (async () => {
    for await (const chunk of archive) {
      chunks.push(chunk as Buffer);
      hash.update(chunk as Buffer);
    }
  })();
  for (const { path, kind, executable } of list(folder, "", isData)) {
    const header = { name: path, type: kind, mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "", mode: kind === "file" && !executable ? 0o644 : 0o755 };
    if (kind === "file") archive.entry(header, readFileSync(join(folder, path)));
    else if (kind === "symlink") archive.entry({ ...header, linkname: linkInside(folder, path) });
    else archive.entry(header);
  }
  archive.finalize();
  await whole;
  return { digest: hash.digest("hex"), tar: Buffer.concat(chunks) };
}

function list(folder: string, under: string, isData: (path: string) => boolean): Entry[] {
  // Sorted by code units: the same order in every locale.
  const names = readdirSync(join(folder, under)).sort((a, b) => (a < b ? -1 : 1));
  return names.flatMap((name): Entry[] => {
    const path = posix.join(under, name);
    if (LEFT_OUT.has(name) || isData(path)) return [];
    const stat = lstatSync(join(folder, path));
    const executable = (stat.mode & 0o100) !== 0;
    if (stat.isDirectory()) return [{ path, kind: "directory", executable }, ...list(folder, path, isData)];
    if (stat.isFile()) return [{ path, kind: "file", executable }];
    if (stat.isSymbolicLink()) return [{ path, kind: "symlink", executable }];
    throw new Error(`${join(folder, path)}: must be a file, a folder or a link to be part of a release`);
  });
}

function linkInside(folder: string, path: string): string {
  const target = readlinkSync(join(folder, path));
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (posix.isAbsolute(target) || resolved === ".." || resolved.startsWith("../")) {
    throw new Error(`${join(folder, path)}: must link to something inside the application's folder, got ${target}`);
  }
  return target;
}
