import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Longer than any application's grace. */
const SYSTEMCTL_LIMIT_MS = 330_000;

const run = (words: readonly string[]) => promisify(execFile)("systemctl", words, { timeout: SYSTEMCTL_LIMIT_MS });

export interface UnitStatus {
  /** Runs, or systemd is about to start it again. */
  active: boolean;
  /** Undefined while nothing runs. */
  pid: number | undefined;
}

/** The machine's service manager, as far as the agent uses it. */
export interface Units {
  status(unit: string): Promise<UnitStatus>;
  start(unit: string): Promise<void>;
  /** Returns when the unit has stopped: its stop signal, its grace, then SIGKILL. */
  stop(unit: string): Promise<void>;
  reload(unit: string): Promise<void>;
  /** To all processes of the unit. */
  signal(unit: string, signal: NodeJS.Signals): Promise<void>;
  /** Reads changed unit files. */
  reread(): Promise<void>;
}

export class Systemd implements Units {
  async status(unit: string): Promise<UnitStatus> {
    const { stdout } = await run(["show", unit, "--property=ActiveState,MainPID"]);
    return parseStatus(stdout);
  }

  start = (unit: string): Promise<void> => this.#do("start", unit);
  stop = (unit: string): Promise<void> => this.#do("stop", unit);
  reload = (unit: string): Promise<void> => this.#do("reload", unit);
  signal = (unit: string, signal: NodeJS.Signals): Promise<void> => this.#do("kill", `--signal=${signal}`, unit);
  reread = (): Promise<void> => this.#do("daemon-reload");

  async #do(...words: string[]): Promise<void> {
    await run(words);
  }
}

/** `systemctl show` prints `Key=value` lines; MainPID is 0 while nothing runs. */
export function parseStatus(shown: string): UnitStatus {
  const value = (key: string) =>
    shown
      .split("\n")
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1);
  const pid = Number(value("MainPID") ?? 0);
  return { active: !["inactive", "failed"].includes(value("ActiveState") ?? "inactive"), pid: pid > 0 ? pid : undefined };
}
