import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { pack } from "tar-stream";
import { matchesAny } from "./globs";

export interface Bundle {
  /** SHA-256 of the tar, in hex: the release's name. */
  digest: string;
  tar: Buffer;
}

/** In an application's folder: one glob a line of what is no part of a release, relative to the folder; `#` begins a comment. */
export const IGNORE_FILE = ".nplus1ignore";

/** Never part of a release: version control, and what tools note of their own runs. */
const LEFT_OUT = new Set([".git", ".gitignore", ".DS_Store", "__pycache__", ".package-lock.json", IGNORE_FILE]);

interface Entry {
  /** Relative, `/`-separated. */
  path: string;
  kind: "file" | "directory" | "symlink";
  /** Owner may execute. */
  executable: boolean;
}

/**
 * The canonical tar of a folder: sorted paths, mtime 0, owner 0, modes 644 and 755, uncompressed. The same content gives the same bytes on any
 * machine; empty folders, which version control does not keep, are no content. `dataGlobs`: what the application writes itself.
 * @throws Error for a link that leaves the folder, and for what is neither file, folder nor link.
 */
export async function bundle(folder: string, dataGlobs: readonly string[]): Promise<Bundle> {
  const globs = [...dataGlobs, ...ignored(folder)];
  const archive = pack();
  for (const { path, kind, executable } of list(folder, "", globs)) {
    const mode = kind === "file" && !executable ? 0o644 : 0o755;
    const header = { name: path, type: kind, mode, mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "" };
    if (kind === "file") archive.entry(header, readFileSync(join(folder, path)));
    else if (kind === "symlink") archive.entry({ ...header, linkname: linkInside(folder, path) });
    else archive.entry(header);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  return { digest: createHash("sha256").update(tar).digest("hex"), tar };
}

function ignored(folder: string): string[] {
  const file = join(folder, IGNORE_FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.replace(/\/$/, ""));
}

function list(folder: string, under: string, globs: readonly string[]): Entry[] {
  // Sorted by code units: the same order in every locale.
  const names = readdirSync(join(folder, under)).sort((a, b) => (a < b ? -1 : 1));
  return names.flatMap((name): Entry[] => {
    const path = posix.join(under, name);
    if (LEFT_OUT.has(name) || matchesAny(globs, path)) return [];
    const stat = lstatSync(join(folder, path));
    const executable = (stat.mode & 0o100) !== 0;
    if (stat.isFile()) return [{ path, kind: "file", executable }];
    if (stat.isSymbolicLink()) return [{ path, kind: "symlink", executable }];
    if (!stat.isDirectory()) throw new Error(`${join(folder, path)}: must be a file, a folder or a link to be part of a release`);
    const inside = list(folder, path, globs);
    return inside.length === 0 ? [] : [{ path, kind: "directory", executable }, ...inside];
  });
}

/** `..` only at the link's beginning, as the nodes want it: behind a name it would start from wherever that name leads. */
function linkInside(folder: string, path: string): string {
  const target = readlinkSync(join(folder, path));
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  const climbs = parts.filter((part) => part === "..").length;
  const depth = path.split("/").length - 1;
  if (target.startsWith("/") || climbs > depth || parts.slice(0, climbs).some((part) => part !== "..")) {
    throw new Error(
      `${join(folder, path)}: must link to something inside the application's folder (relative, '..' only at its beginning), got ${target}`,
    );
  }
  return target;
}
