import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAB_FILE, type LabFile } from "../../contract/lab-file";
import { startCloud, startProviders } from "./children";
import { listenNear, listenOn } from "./listeners";
import { hideNamespaces, leaveJanitor, showNamespaces } from "./namespace-names";
import { checkNamespaces } from "./preflight";
import { readSettings } from "./settings";

/** How often the names of namespaces follow what is there, in milliseconds. */
const NAMES_EVERY_MS = 1000;

/** How long the inner world has to end by itself before it is ended, in milliseconds. */
const STOP_LIMIT_MS = 10_000;

async function main(): Promise<LabFile> {
  const uid = process.getuid?.() ?? -1;
  const settings = readSettings(process.env, uid);
  checkNamespaces(settings.rootless);

  const http = settings.httpPort === undefined ? await listenNear(8080) : await listenOn(settings.httpPort);
  const https = await listenNear(8443);
  const endpoint = await listenNear(4566);
  const labFile = join(settings.labDir, LAB_FILE);
  leaveJanitor(settings.labId, labFile);

  const cloud = await startCloud(settings, { http, https, endpoint });
  // From here on the inner world accepts on these sockets; this process must not.
  for (const listener of [http, https, endpoint]) listener.close();
  const providers = await startProviders(settings, endpoint.port);

  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    process.stderr.write(`stopping: ${why}\n`);
    rmSync(labFile, { force: true });
    providers.child.kill("SIGTERM");
    const end = (): never => {
      hideNamespaces(settings.labId);
      process.exit(0);
    };
    if (cloud.exitCode !== null || cloud.signalCode !== null) end();
    cloud.once("exit", end);
    // unshare forwards nothing: the inner world's first process is told through the endpoint, and ended with its parent otherwise.
    void fetch(`http://127.0.0.1:${endpoint.port}/_lab/stop`, { method: "POST" }).catch(() => cloud.kill("SIGKILL"));
    setTimeout(() => cloud.kill("SIGKILL"), STOP_LIMIT_MS);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
  cloud.once("exit", (code, signal) => stop(`the inner world ended (${signal ?? `exit code ${String(code)}`})`));
  providers.child.once("exit", () => stop("the providers ended"));

  if (!settings.rootless) setInterval(() => void followNames(settings.labId, endpoint.port), NAMES_EVERY_MS);

  const lab: LabFile = {
    labId: settings.labId,
    pid: process.pid,
    rootless: settings.rootless,
    ports: { http: http.port, https: https.port, endpoint: endpoint.port, aws: providers.aws, random: providers.random },
  };
  writeFileSync(`${labFile}.new`, JSON.stringify(lab, null, 2));
  renameSync(`${labFile}.new`, labFile);
  return lab;
}

async function followNames(labId: string, endpointPort: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${endpointPort}/_lab/netns`).catch(() => undefined);
  if (!answer?.ok) return;
  const { cloudHostPid, netns } = (await answer.json()) as { cloudHostPid: number; netns: string[] };
  showNamespaces(labId, cloudHostPid, netns);
}

const greet = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
main().then(
  (lab) => greet({ ready: lab }),
  (error: Error) => {
    greet({ error: error.message });
    process.exit(1);
  },
);
