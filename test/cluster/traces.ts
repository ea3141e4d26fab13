import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { testLabDir } from "./lab";

export interface Traces {
  processes: string[];
  namespaces: string[];
  mounts: string[];
  rules: string[];
}

export const NO_TRACES: Traces = { processes: [], namespaces: [], mounts: [], rules: [] };

/** What of the tests' lab can be seen on this machine; other labs have other folders and names. */
export function traces(): Traces {
  mkdirSync(testLabDir, { recursive: true });
  const folder = realpathSync(testLabDir);
  const labId = createHash("sha256").update(folder).digest("hex").slice(0, 6);
  const lines = (command: string, args: string[]): string[] => execFileSync(command, args, { encoding: "utf8" }).split("\n");
  return {
    processes: readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && mentions(pid, folder)),
    namespaces: lines("ip", ["netns", "list"]).filter((line) => line.startsWith(`nplus1-${labId}-`)),
    mounts: readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes(folder)),
    rules: process.getuid?.() === 0 ? lines("nft", ["list", "ruleset"]).filter((line) => line.includes("nplus1")) : [],
  };
}

/** The lab's own processes carry its folder in their environment or command line; this test's children are not among them. */
function mentions(pid: string, folder: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    return command.includes(folder) || environment.includes(`"labDir":"${folder}"`);
  } catch {
    // Gone, or somebody else's.
    return false;
  }
}
