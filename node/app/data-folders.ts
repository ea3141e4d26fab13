/**
 * The folders that the application may write: of each data glob, the part before its first wildcard. `var/**` gives `var`; a glob
 * without such a part gives `.`, the whole folder.
 */
export function dataFolders(globs: readonly string[]): string[] {
  return [...new Set(globs.map(fixedFolder))].sort();
}

function fixedFolder(glob: string): string {
  const parts = glob.split("/").filter((part) => part !== "" && part !== ".");
  const wild = parts.findIndex((part) => /[*?[\]{}!()]/.test(part));
  // Without a wildcard the glob names a file: its folder must be writable.
  const fixed = parts.slice(0, wild === -1 ? -1 : wild);
  return fixed.join("/") || ".";
}
