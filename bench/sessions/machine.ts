import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import type { Cores } from "./cores";
import type { Place } from "./places";

const PACKAGES = ["express", "express-session", "connect-redis", "redis"];

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  programCore: number;
  restCore: number;
  /** How busy the machine was before: other programs' work spoils the numbers. */
  loadBefore: number;
  versions: Record<string, string>;
}

export function machineOf(cores: Cores, { server }: Place): Machine {
  const packages = PACKAGES.map((name) => [name, versionOf(name)] as const);
  const commit = spawnSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).stdout;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    programCore: cores.program,
    restCore: cores.rest,
    loadBefore: Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]),
    versions: {
      nplus1: commit ? commit.trim() : "unknown",
      "node.js": process.versions.node,
      store: server.version,
      ...Object.fromEntries(packages),
    },
  };
}

function versionOf(name: string): string {
  // Some packages export no package.json: found beside the folder's own file.
  const folder = require.resolve.paths(name)?.map((path) => `${path}/${name}/package.json`) ?? [];
  for (const file of folder) {
    try {
      return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return "not installed";
}
