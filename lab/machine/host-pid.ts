import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The ids of a process, from the host's namespace inwards, out of /proc/PID/status (which is the host's). */
export function parseNsPids(status: string): number[] {
  const line = status.split("\n").find((candidate) => candidate.startsWith("NSpid:"));
  return (line ?? "")
    .split(/\s+/)
    .slice(1)
    .filter((part) => part !== "")
    .map(Number);
}

/** A process that ended, or is another user's, is not one of ours: undefined. */
function read<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return undefined;
    throw error;
  }
}

/** Host ids by the ids that processes have in the pid namespace of `of` (a host id, or "self"). */
export function hostPids(of: number | "self"): Map<number, number> {
  const namespace = read(() => readlinkSync(`/proc/${of}/ns/pid`));
  const pids = new Map<number, number>();
  if (namespace === undefined) return pids;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || read(() => readlinkSync(`/proc/${name}/ns/pid`)) !== namespace) continue;
    const ids = parseNsPids(read(() => readFileSync(`/proc/${name}/status`, "utf8")) ?? "");
    const inner = ids.at(-1);
    if (inner !== undefined) pids.set(inner, Number(name));
  }
  return pids;
}

/** The id by which this process can signal the process that the host calls `hostPid`; undefined when it is gone. */
export function ownPid(hostPid: number): number | undefined {
  const level = parseNsPids(readFileSync("/proc/self/status", "utf8")).length - 1;
  return parseNsPids(read(() => readFileSync(`/proc/${hostPid}/status`, "utf8")) ?? "")[level];
}
