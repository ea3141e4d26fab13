import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import pino from "pino";
import { z } from "zod";
import type { Application } from "../../contract/application";
import { NODE_CONFIG_FILE, type NodeConfig, nodeConfigSchema } from "../../contract/node-config";
import { AGENT_PORT, APP_PORT, HOP_PORT } from "../../contract/ports";
import { appEnv, secretsIn } from "../app/app-env";
import { installApp } from "../app/install-app";
import { ownerOf } from "../app/own-data";
import { lastOutput } from "../app/last-output";
import { readApplication } from "../app/read-application";
import { renderGateConfig } from "../gate/gate-config";
import { GateSocket } from "../gate/gate-socket";
import { installGate } from "../gate/install-gate";
import { sinceBootMs } from "../health/awake-clock";
import { COMMON_CAUSE_POLICY } from "../health/common-cause";
import { keepLadder, readLadder } from "../health/ladder-file";
import { LADDER_POLICY } from "../health/ladder-policy";
import { VERDICT_POLICY } from "../health/verdict";
import { InstanceMetadata } from "../identity/imds";
import { AutoScalingHooks } from "../lifecycle/hooks";
import * as paths from "../paths";
import { ReleaseBucket } from "../release/download";
import { installRelease, isCurrent } from "../release/install-release";
import { live } from "./agent";
import { clusterParts } from "./cluster-parts";
import { serveAgent } from "./http-interface";
import { NodeStatus } from "./node-status";
import { probesOf } from "./probes";
import { repairParts } from "./repair-parts";
import { sessionParts } from "./session-parts";
import { TIMING } from "./timing";
import { Systemd } from "./units";
import { retried } from "./wait";
import { watchedLoops } from "./watchdog-parts";

const PLACES = { releasesDir: paths.RELEASES_DIR, currentLink: paths.CURRENT_LINK };

async function main(): Promise<void> {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const config = await readConfig();
  const metadata = new InstanceMetadata();
  const wait = { what: "the instance metadata", limitMs: TIMING.fetchLimitMs, pollMs: 1000 };
  const identity = await retried(
    wait,
    () => false,
    () => metadata.identity(),
  );
  const status = new NodeStatus(identity, config.release);
  const { sessions, token, cookieSecret } = sessionParts(config, log);
  await serveAgent(status, sessions, AGENT_PORT);
  log.info({ ...identity, release: config.release }, "the agent is there");
  const stopped = new AbortController().signal;
  void token.watch(stopped);

  const loops = await watchedLoops(log);
  const own = { loops: () => loops.all, folder: paths.CURRENT_LINK, appUser: await ownerOf(paths.APP_USER), nodeFolder: paths.NODE_DIR };

  const units = new Systemd();
  const releases = new ReleaseBucket(config.region, config.releasesBucket);
  const gateConfig = renderGateConfig({
    nodeId: identity.id,
    address: identity.ip,
    gatePort: config.gatePort,
    hopPort: HOP_PORT,
    agentPort: AGENT_PORT,
    appPort: APP_PORT,
    luaFile: paths.GATE_LUA_FILE,
    socketPath: paths.GATE_SOCKET,
    innerPath: paths.GATE_INNER,
  });
  const env = async ({ health }: Application) =>
    appEnv({
      nodeId: identity.id,
      appPort: APP_PORT,
      agentPort: AGENT_PORT,
      folder: paths.CURRENT_LINK,
      store: config.sessionStore,
      sessions: config.sessions,
      token: await token.token(),
      tokenFile: paths.TOKEN_FILE,
      cookieSecret: await cookieSecret.read(),
      caBundle: paths.CA_BUNDLE,
      watchdog: health.watchdog ? { file: paths.WATCHDOG_FILE, socket: paths.WATCHDOG_SOCKET } : undefined,
    });

  const outputOf = async () => lastOutput(paths.APP_LOG_FILE, secretsIn(await readFile(paths.APP_ENV_FILE, "utf8")));
  await live(
    {
      status,
      units,
      log,
      gate: new GateSocket(paths.GATE_SOCKET),
      hooks: new AutoScalingHooks(config.region, config.autoScalingGroup, identity.id),
      ...clusterParts({ config, node: identity.id, token, log }),
      timing: TIMING,
      policy: { ladder: LADDER_POLICY, verdict: VERDICT_POLICY, commonCause: COMMON_CAUSE_POLICY },
      clock: sinceBootMs,
      ladderFile: { read: () => readLadder(paths.LADDER_FILE), keep: (ladder) => keepLadder(paths.LADDER_FILE, ladder) },
      install: async (isAdopted) => {
        const folder = await installRelease(releases, config.release, PLACES);
        const application = await readApplication(folder);
        await installGate(units, paths.GATE_CONFIG_FILE, gateConfig);
        await installApp({ units, application, folder, env, start: !isAdopted });
        return application;
      },
      probes: (application, seen) =>
        probesOf({
          application,
          seen,
          address: identity.ip,
          hopPort: HOP_PORT,
          isReleaseInPlace: () => isCurrent(config.release, PLACES),
          monotonic: sinceBootMs,
          own,
        }),
      repair: repairParts({ config, identity, units, lastOutput: outputOf, log }),
      lastOutput: outputOf,
      targetLifecycleState: () => metadata.targetLifecycleState(),
      launched: { read: () => exists(paths.LAUNCHED_FILE), write: () => leaveMark(paths.LAUNCHED_FILE) },
      say: (line) => process.stdout.write(`${line}\n`),
    },
    stopped,
  );
  await sessions.close();
  loops.close();
}

async function readConfig(): Promise<NodeConfig> {
  const parsed = nodeConfigSchema.safeParse(JSON.parse(await readFile(NODE_CONFIG_FILE, "utf8")));
  if (!parsed.success) throw new Error(`${NODE_CONFIG_FILE}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function leaveMark(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
}

void main();
