import type { Application } from "../../contract/application";

export interface AppUnitArgs {
  application: Application;
  user: string;
  folder: string;
  startFile: string;
  envFile: string;
  logFile: string;
}

/** systemd's unit of the application. The start line is in a file of its own: a unit would read `%`, `$` and quotes in its own way. */
export const renderAppUnit = ({ application, ...args }: AppUnitArgs): string => `[Unit]
Description=nplus1 application ${application.name}
StartLimitIntervalSec=0

[Service]
User=${args.user}
WorkingDirectory=${args.folder}
EnvironmentFile=${args.envFile}
ExecStart=/bin/sh ${args.startFile}
# The agent starts it anew: after a diagnosis, later each time, and not for ever.
Restart=no
KillSignal=${application.stop.signal}
TimeoutStopSec=${application.stop.graceMs}ms
NoNewPrivileges=yes
StandardOutput=append:${args.logFile}
StandardError=append:${args.logFile}
`;

/**
 * A start line of plain words replaces the shell, so that the unit's process is the application itself. Anything else is given to a
 * shell as it is, which stays the unit's process; signals reach both.
 */
export const renderStartFile = (start: string): string => (isPlain(start) ? `exec ${start}\n` : `exec /bin/sh -c ${shellQuoted(start)}\n`);

const PLAIN_WORDS = /^[\w./+-]+( +[\w@%+=,./:-]+)*$/;

/** Words that mean something to the shell and are no programs. */
const SHELL_WORDS = new Set([
  ".",
  "case",
  "cd",
  "command",
  "eval",
  "exec",
  "export",
  "for",
  "if",
  "set",
  "trap",
  "ulimit",
  "umask",
  "until",
  "while",
]);

const isPlain = (start: string): boolean => PLAIN_WORDS.test(start) && !SHELL_WORDS.has(start.split(" ")[0] ?? "");

const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
