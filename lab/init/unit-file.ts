import { constants } from "node:os";
import { type Command, parseCommand } from "./command-line";
import { parseTimeSpan } from "./time-span";
import { parseUnitLines, type UnitLine } from "./unit-lines";
import { splitWords } from "./words";

export type Output = { kind: "journal" } | { kind: "null" } | { kind: "append" | "truncate"; path: string };

/** A service unit with systemd's defaults filled in. Times in milliseconds. */
export interface ServiceUnit {
  name: string;
  description: string;
  type: "simple" | "exec" | "oneshot";
  remainAfterExit: boolean;
  execStartPre: Command[];
  execStart: Command[];
  execReload: Command[];
  restart: "no" | "always" | "on-success" | "on-failure" | "on-abnormal" | "on-abort";
  restartMs: number;
  startLimitIntervalMs: number;
  startLimitBurst: number;
  user?: string;
  group?: string;
  workingDirectory: string;
  environment: Record<string, string>;
  environmentFiles: { path: string; mayBeMissing: boolean }[];
  killSignal: NodeJS.Signals;
  killMode: "control-group" | "mixed" | "process";
  timeoutStopMs: number;
  limitNoFile?: number;
  stdout: Output;
  stderr: Output;
  runtimeDirectories: string[];
  runtimeDirectoryMode: number;
  wantedBy: string[];
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`must be one of ${allowed.join(", ")}, got ${value}`);
  return found;
}

function natural(value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`must be a whole number, got ${value}`);
  return Number(value);
}

function absolute(value: string): string {
  if (!value.startsWith("/")) throw new Error(`must be an absolute path, got ${value}`);
  return value;
}

function signal(value: string): NodeJS.Signals {
  const name = value.startsWith("SIG") ? value : `SIG${value}`;
  if (!(name in constants.signals)) throw new Error(`must be a signal, got ${value}`);
  return name as NodeJS.Signals;
}

function output(value: string): Output {
  if (value === "journal" || value === "null") return { kind: value };
  const [, kind, path = ""] = /^(append|truncate):(.*)$/.exec(value) ?? [];
  if (kind !== "append" && kind !== "truncate") throw new Error(`must be journal, null, append:PATH or truncate:PATH, got ${value}`);
  return { kind, path: absolute(path) };
}

function environment(value: string): Record<string, string> {
  return Object.fromEntries(
    splitWords(value).map((word) => {
      const equals = word.indexOf("=");
      if (equals < 1) throw new Error(`must be KEY=value, got ${word}`);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

function runtimeDirectories(value: string): string[] {
  const names = splitWords(value);
  const climbing = names.find((name) => name.startsWith("/") || name.split("/").includes(".."));
  if (climbing !== undefined) throw new Error(`must be names below /run, got ${climbing}`);
  return names;
}

/** The unit's value of a directive, read with `read`; the last assignment counts, and a fault names file, line and directive. */
class Assignments {
  constructor(
    private readonly name: string,
    private readonly lines: readonly UnitLine[],
  ) {}

  #read<T>({ key, value, line }: UnitLine, read: (value: string) => T): T {
    try {
      return read(value);
    } catch (cause) {
      throw new Error(`${this.name}:${line}: ${key} ${(cause as Error).message}`, { cause });
    }
  }

  last<T, D>(key: string, read: (value: string) => T, otherwise: D): T | D {
    const line = this.lines.findLast((candidate) => candidate.key === key);
    return line === undefined || line.value === "" ? otherwise : this.#read(line, read);
  }

  /** Assignments add up; an empty one forgets those before it. */
  all<T>(key: string, read: (value: string) => T): T[] {
    const lines = this.lines.filter((candidate) => candidate.key === key);
    return lines.slice(lines.findLastIndex(({ value }) => value === "") + 1).map((line) => this.#read(line, read));
  }
}

const YES = ["yes", "true", "on", "1"];

export function parseUnit(name: string, text: string): ServiceUnit {
  const of = new Assignments(name, parseUnitLines(name, text));
  const words = (value: string) => value;
  const journal: Output = { kind: "journal" };
  const stdout = of.last("StandardOutput", output, journal);
  const execStart = of.all("ExecStart", parseCommand);
  const type: ServiceUnit["type"] = of.last("Type", (value) => oneOf(value, ["simple", "exec", "oneshot"]), "simple");
  if (execStart.length === 0 || (execStart.length > 1 && type !== "oneshot")) {
    throw new Error(`${name}: [Service] must have one ExecStart (more with Type=oneshot), got ${execStart.length}`);
  }
  return {
    name,
    description: of.last("Description", words, name),
    type,
    remainAfterExit: of.last("RemainAfterExit", (value) => YES.includes(value), false),
    execStartPre: of.all("ExecStartPre", parseCommand),
    execStart,
    execReload: of.all("ExecReload", parseCommand),
    restart: of.last("Restart", (value) => oneOf(value, ["no", "always", "on-success", "on-failure", "on-abnormal", "on-abort"]), "no"),
    restartMs: of.last("RestartSec", parseTimeSpan, 100),
    startLimitIntervalMs: of.last("StartLimitIntervalSec", parseTimeSpan, 10_000),
    startLimitBurst: of.last("StartLimitBurst", natural, 5),
    user: of.last("User", words, undefined),
    group: of.last("Group", words, undefined),
    workingDirectory: of.last("WorkingDirectory", absolute, "/"),
    environment: Object.assign({}, ...of.all("Environment", environment)) as Record<string, string>,
    environmentFiles: of.all("EnvironmentFile", (value) => ({ path: absolute(value.replace(/^-/, "")), mayBeMissing: value.startsWith("-") })),
    killSignal: of.last("KillSignal", signal, "SIGTERM"),
    killMode: of.last("KillMode", (value) => oneOf(value, ["control-group", "mixed", "process"]), "control-group"),
    timeoutStopMs: of.last("TimeoutStopSec", parseTimeSpan, 90_000),
    limitNoFile: of.last("LimitNOFILE", natural, undefined),
    stdout,
    stderr: of.last("StandardError", output, stdout),
    runtimeDirectories: of.all("RuntimeDirectory", runtimeDirectories).flat(),
    runtimeDirectoryMode: of.last("RuntimeDirectoryMode", (value) => Number.parseInt(value, 8), 0o755),
    wantedBy: of.all("WantedBy", splitWords).flat(),
  };
}
