import { posix } from "node:path";

/** What a tar says of one entry, as far as safety depends on it. */
export interface ArchiveEntry {
  name: string;
  type: string;
  /** Where a link points to. */
  linkname: string | null;
}

/** Bounds of an unpacked release. */
export interface UnpackLimits {
  bytes: number;
  entries: number;
}

export const RELEASE_LIMITS: UnpackLimits = { bytes: 2 * 1024 ** 3, entries: 200_000 };

/** Why this entry must not be unpacked, or undefined when it may. */
export function refusal(entry: ArchiveEntry): string | undefined {
  const place = placeRefusal(entry.name);
  if (place !== undefined) return place;
  switch (entry.type) {
    case "file":
    case "directory":
      return undefined;
    case "symlink":
      return linkRefusal(entry.name, entry.linkname ?? "");
    default:
      return `must be a file, folder or symbolic link, got ${entry.type}`;
  }
}

function placeRefusal(name: string): string | undefined {
  if (name.includes("\0")) return "must not contain a zero byte";
  if (name.startsWith("/")) return "must be a relative path";
  if (name.split("/").includes("..")) return "must not contain '..'";
  return undefined;
}

/**
 * `..` only at the link's beginning: behind a name it would start from wherever that name leads. With every entry placed in real folders
 * (see unpack.ts) no chain of such links leaves the release.
 */
function linkRefusal(name: string, target: string): string | undefined {
  const outside = `must point inside the release, got ${JSON.stringify(target)}`;
  if (target === "" || target.includes("\0") || target.startsWith("/")) return outside;
  const parts = segments(target);
  const climbs = parts.filter((part) => part === "..").length;
  if (parts.slice(0, climbs).some((part) => part !== "..")) return outside;
  return climbs > segments(posix.dirname(name)).length ? outside : undefined;
}

const segments = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");
