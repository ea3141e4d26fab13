import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Account, findAccount, findGroupId, isMapped } from "./accounts";
import { type Command, expandCommand } from "./command-line";
import { parseEnvironmentFile } from "./environment-file";
import { RUN_VARIABLE } from "./unit-processes";
import type { Output, ServiceUnit } from "./unit-file";

const UNIT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

/** Where units without an output of their own write: the lab has no journal. */
const journalFile = (unit: string): string => `/var/log/journal/${unit}.log`;

interface Identity {
  account?: Account;
  uid: number;
  gid: number;
}

function identity(unit: ServiceUnit): Identity {
  const account = unit.user === undefined ? undefined : findAccount(readFileSync("/etc/passwd", "utf8"), unit.user);
  const gid = unit.group === undefined ? (account?.gid ?? 0) : findGroupId(readFileSync("/etc/group", "utf8"), unit.group);
  const mapped = isMapped(readFileSync("/proc/self/uid_map", "utf8"), account?.uid ?? 0) && isMapped(readFileSync("/proc/self/gid_map", "utf8"), gid);
  return mapped ? { account, uid: account?.uid ?? 0, gid } : { account, uid: 0, gid: 0 };
}

function fileEnvironment({ path, mayBeMissing }: ServiceUnit["environmentFiles"][number]): Record<string, string> {
  try {
    return parseEnvironmentFile(readFileSync(path, "utf8"));
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

export function unitEnvironment(unit: ServiceUnit, runId: string, mainPid: number | undefined): Record<string, string> {
  const { account } = identity(unit);
  return Object.assign(
    { PATH: UNIT_PATH, LANG: "C.UTF-8", [RUN_VARIABLE]: runId },
    account ? { USER: account.name, LOGNAME: account.name, HOME: account.home, SHELL: account.shell } : {},
    unit.runtimeDirectories.length > 0 ? { RUNTIME_DIRECTORY: unit.runtimeDirectories.map((name) => join("/run", name)).join(":") } : {},
    mainPid === undefined ? {} : { MAINPID: String(mainPid) },
    unit.environment,
    ...unit.environmentFiles.map(fileEnvironment),
  ) as Record<string, string>;
}

/** Output files are opened by init, as root, like systemd's. */
function openOutput(unit: string, output: Output): number {
  if (output.kind === "null") return openSync("/dev/null", "w");
  const path = output.kind === "journal" ? journalFile(unit) : output.path;
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, output.kind === "truncate" ? "w" : "a");
}

export function makeRuntimeDirectories(unit: ServiceUnit): void {
  const { uid, gid } = identity(unit);
  for (const name of unit.runtimeDirectories) {
    const path = join("/run", name);
    mkdirSync(path, { recursive: true, mode: unit.runtimeDirectoryMode });
    chownSync(path, uid, gid);
  }
}

/** An ordinary user's lab cannot raise its hard limit: the unit then gets that. */
function fileLimit(wanted: number): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? "unlimited";
  const rootless = !isMapped(readFileSync("/proc/self/uid_map", "utf8"), 1);
  return rootless && hard !== "unlimited" ? Math.min(wanted, Number(hard)) : wanted;
}

/** Starts one command of a unit as the leader of a session of its own; resolves when it runs. */
export async function startCommand(unit: ServiceUnit, command: Command, env: Record<string, string>): Promise<ChildProcess> {
  const { uid, gid } = command.asRoot ? { uid: 0, gid: 0 } : identity(unit);
  const expanded = expandCommand(command.words, unit.name, env);
  const limit = unit.limitNoFile === undefined ? [] : ["prlimit", `--nofile=${fileLimit(unit.limitNoFile)}`, "--"];
  const [file = "", ...args] = [...limit, ...expanded];
  const stdout = openOutput(unit.name, unit.stdout);
  const stderr = openOutput(unit.name, unit.stderr);
  try {
    const child = spawn(file, args, {
      env,
      ...(uid === 0 && gid === 0 ? {} : { uid, gid }),
      cwd: unit.workingDirectory,
      detached: true,
      stdio: ["ignore", stdout, stderr],
    });
    await once(child, "spawn");
    return child;
  } catch (cause) {
    throw new Error(`${unit.name}: ${expanded[0]} could not be started in ${unit.workingDirectory}: ${(cause as Error).message}`, { cause });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** Runs commands one after the other, each to its end; the first that fails stops the rest. */
export async function runCommands(unit: ServiceUnit, commands: readonly Command[], env: Record<string, string>): Promise<void> {
  for (const command of commands) {
    const child = await startCommand(unit, command, env);
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (code !== 0 && !command.mayFail) throw new Error(`${unit.name}: ${command.words.join(" ")} ended with ${signal ?? `code ${code}`}`);
  }
}
