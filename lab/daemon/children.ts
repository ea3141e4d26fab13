import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Listener } from "./listeners";
import { innerWorld } from "./preflight";
import type { DaemonSettings } from "./settings";

/** How long a part of the lab may take until it says that it is ready, in milliseconds. */
const READY_LIMIT_MS = 60_000;

/** Door http, door https, endpoint: inherited as these numbers. */
const FDS = { doorHttp: 3, doorHttps: 4, endpoint: 5 };

export interface Doors {
  http: Listener;
  https: Listener;
  endpoint: Listener;
}

/** Starts everything that lives in the inner world. */
export function startCloud(settings: DaemonSettings, doors: Doors): Promise<ChildProcess> {
  const [command = "", ...args] = innerWorld(settings.rootless);
  const { labDir, labId, rootless, tools } = settings;
  const nplus1Lab = {
    labDir,
    labId,
    rootless,
    fds: FDS,
    ports: { doorHttp: doors.http.port, doorHttps: doors.https.port, endpoint: doors.endpoint.port },
    tools: { ...tools, haproxy: "haproxy", redisServer: "redis-server" },
  };
  const cloud = join(settings.projectDir, "dist/lab/cloud.cjs");
  const fds = [doors.http.fd, doors.https.fd, doors.endpoint.fd];
  const env = { ...process.env, NPLUS1_LAB: JSON.stringify(nplus1Lab) };
  return started("cloud", settings, [command, ...args, process.execPath, "--enable-source-maps", cloud], env, fds).then(({ child }) => child);
}

/** Starts the providers that the Pulumi engine attaches to; they listen on this machine's loopback. */
export async function startProviders(settings: DaemonSettings, endpointPort: number): Promise<{ child: ChildProcess; aws: number; random: number }> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${endpointPort}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
  };
  const provider = join(settings.projectDir, "dist/lab/provider.cjs");
  const argv = ["setpriv", "--pdeathsig", "KILL", process.execPath, "--enable-source-maps", provider];
  const { child, line } = await started("provider", settings, argv, env, []);
  const ports = JSON.parse(line) as { aws: number; random: number };
  return { child, ...ports };
}

/** Spawns one part and waits for its first line on standard output. */
function started(
  name: string,
  settings: DaemonSettings,
  argv: string[],
  env: NodeJS.ProcessEnv,
  fds: number[],
): Promise<{ child: ChildProcess; line: string }> {
  const logFile = join(settings.labDir, "logs", `${name}.log`);
  const log = openSync(logFile, "w");
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { env, cwd: settings.labDir, stdio: ["ignore", "pipe", log, ...fds] });
  closeSync(log);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill("SIGKILL");
      reject(new Error(`the lab's ${name} ${why}; its log says:\n${lastLines(logFile)}`));
    };
    const limit = setTimeout(() => fail(`was not ready within ${READY_LIMIT_MS / 1000} s`), READY_LIMIT_MS);
    child.once("error", (error) => fail(`could not start (${error.message})`));
    child.once("exit", (code, signal) => fail(`ended at its start (${signal ?? `exit code ${String(code)}`})`));
    if (!child.stdout) throw new Error("spawned without a standard output");
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(limit);
      child.removeAllListeners("exit").removeAllListeners("error");
      resolve({ child, line });
    });
  });
}

const lastLines = (file: string): string => readFileSync(file, "utf8").trim().split("\n").slice(-12).join("\n");
