import { readFile, readdir, readlink } from "node:fs/promises";
import { uptime } from "node:os";

/** Linux counts in hundredths of a second, for programs. @see proc(5), sysconf(3) */
const TICK_MS = 10;

/** How long ago a process began, in milliseconds; undefined when it is gone. */
export async function ageMs(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The name in parentheses can hold anything; the 22nd field is the 20th after it.
  const ticks = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  // The kernel counts both from boot, with the time that the machine was suspended.
  return Number.isFinite(ticks) ? uptime() * 1000 - ticks * TICK_MS : undefined;
}

/** A file of a process, or why it could not be read. */
export const procFile = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${pid}/${name}`, "utf8").then(
    (text) => text.trimEnd(),
    (error: Error) => `(${error.message})`,
  );

/** How many handles a process has open, by what they are: `socket`, `pipe`, `anon_inode:[eventpoll]`, a file's folder. */
export async function handleCounts(pid: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const fd of fds) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => undefined);
    if (target === undefined) continue;
    const kind = target.startsWith("/") ? target.slice(0, Math.max(1, target.lastIndexOf("/"))) : target.replace(/:\[\d+\]$/, "");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
