import { posix } from "node:path";

/** Whether a path matches one of the globs, which see names that begin with a dot too. */
export const matchesAny = (globs: readonly string[], path: string): boolean =>
  globs.some((glob) => posix.matchesGlob(undotted(path), undotted(posix.normalize(glob))));

/** `*` leaves out names that begin with a dot: here they begin with a character of no other meaning. */
const undotted = (text: string): string => text.replaceAll(/(^|\/)\./g, "$1\uE000");
