import type { Supervisor } from "./supervisor";
import type { SystemctlRequest, Verb } from "./systemctl-arguments";
import type { ActiveState, Unit } from "./unit";

export interface Reply {
  exitCode: number;
  output: string;
  /** The output says what went wrong. */
  failed?: boolean;
}

/** systemctl's exit codes for a unit that does not run, and for one that there is not. @see systemctl(1) */
const NOT_ACTIVE = 3;
const NO_SUCH_UNIT = 4;
const NOT_LOADED = 5;

const subState = (unit: Unit): string => {
  if (unit.isWaitingToRestart) return "auto-restart";
  if (unit.state === "active") return unit.mainPid === undefined ? "exited" : "running";
  return unit.state === "inactive" ? "dead" : unit.state;
};

/** systemctl prints properties in an order of its own; for those of the lab it is this one. */
function properties(name: string, unit: Unit | undefined): Record<string, string> {
  return {
    MainPID: String(unit?.mainPid ?? 0),
    Result: unit?.result === "" || unit === undefined ? "success" : unit.result,
    Id: unit?.definition.name ?? name,
    Description: unit?.definition.description ?? name,
    LoadState: unit ? "loaded" : "not-found",
    ActiveState: unit?.state ?? "inactive",
    SubState: unit ? subState(unit) : "dead",
  };
}

function show(name: string, unit: Unit | undefined, request: SystemctlRequest): string {
  const all = Object.entries(properties(name, unit));
  const shown = request.properties.length === 0 ? all : all.filter(([key]) => request.properties.includes(key));
  return shown.map(([key, value]) => (request.valueOnly ? value : `${key}=${value}`)).join("\n");
}

const status = (unit: Unit): string =>
  [
    `${unit.definition.name} - ${unit.definition.description}`,
    `     Active: ${unit.state} (${subState(unit)})`,
    ...(unit.mainPid === undefined ? [] : [`   Main PID: ${unit.mainPid}`]),
  ].join("\n");

/** Verbs that change one unit. */
const CHANGES: Partial<Record<Verb, (supervisor: Supervisor, unit: Unit, request: SystemctlRequest) => Promise<void> | void>> = {
  start: (_, unit) => unit.start(),
  stop: (_, unit) => unit.stop(),
  restart: (_, unit) => unit.restart(),
  "try-restart": (_, unit) => (unit.state === "active" ? unit.restart() : undefined),
  reload: (_, unit) => unit.reload(),
  kill: (_, unit, { signal, killWhom }) => unit.kill(signal as NodeJS.Signals, killWhom),
  enable: (supervisor, unit, { now }) => {
    supervisor.enable(unit.definition.name);
    return now ? unit.start() : undefined;
  },
  disable: (supervisor, unit, { now }) => {
    supervisor.disable(unit.definition.name);
    return now ? unit.stop() : undefined;
  },
  "reset-failed": (_, unit) => (unit.state === "failed" ? unit.stop() : undefined),
};

interface Found {
  name: string;
  unit: Unit | undefined;
}

function isIn(wanted: ActiveState, found: readonly Found[]): Reply {
  const states = found.map(({ unit }) => unit?.state ?? "inactive");
  return { exitCode: states.includes(wanted) ? 0 : NOT_ACTIVE, output: states.join("\n") };
}

function showStatus(found: readonly Found[]): Reply {
  const missing = found.find(({ unit }) => unit === undefined);
  if (missing) return { exitCode: NO_SUCH_UNIT, output: `Unit ${missing.name} could not be found.`, failed: true };
  const units = found.flatMap(({ unit }) => unit ?? []);
  return { exitCode: units.every((unit) => unit.state === "active") ? 0 : NOT_ACTIVE, output: units.map(status).join("\n\n") };
}

/** Verbs that only ask. */
const QUESTIONS: Partial<Record<Verb, (supervisor: Supervisor, found: readonly Found[], request: SystemctlRequest) => Reply>> = {
  show: (_, found, request) => ({ exitCode: 0, output: found.map(({ name, unit }) => show(name, unit, request)).join("\n\n") }),
  "is-active": (_, found) => isIn("active", found),
  "is-failed": (_, found) => isIn("failed", found),
  "is-enabled": (supervisor, found) => {
    const enabled = found.map(({ name, unit }) => unit !== undefined && supervisor.isEnabled(name));
    return { exitCode: enabled.includes(true) ? 0 : 1, output: enabled.map((one) => (one ? "enabled" : "disabled")).join("\n") };
  },
  status: (_, found) => showStatus(found),
};

export async function systemctl(supervisor: Supervisor, request: SystemctlRequest): Promise<Reply> {
  const found = request.units.map((name) => ({ name, unit: supervisor.find(name) }));
  const reply = QUESTIONS[request.verb]?.(supervisor, found, request);
  if (reply) return request.quiet ? { ...reply, output: "" } : reply;
  if (request.verb === "daemon-reload") supervisor.reread();
  for (const { name, unit } of found) {
    if (!unit) return { exitCode: NOT_LOADED, output: `Unit ${name} could not be found.`, failed: true };
    const done = Promise.resolve(CHANGES[request.verb]?.(supervisor, unit, request));
    // The caller does not wait; a failure shows in the unit's state.
    if (request.noBlock) done.catch(() => undefined);
    else await done;
  }
  return { exitCode: 0, output: "" };
}
