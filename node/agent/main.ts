import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import pino from "pino";
import { z } from "zod";
import { NODE_CONFIG_FILE, type NodeConfig, nodeConfigSchema } from "../../contract/node-config";
import { AGENT_PORT, APP_PORT } from "../../contract/ports";
import { appEnv, percentEncoded } from "../app/app-env";
import { installApp } from "../app/install-app";
import { lastOutput } from "../app/last-output";
import { readApplication } from "../app/read-application";
import { renderGateConfig } from "../gate/gate-config";
import { GateSocket } from "../gate/gate-socket";
import { installGate } from "../gate/install-gate";
import { HEALTH_POLICY } from "../health/assess";
import { probe } from "../health/probe";
import { InstanceMetadata } from "../identity/imds";
import { AutoScalingHooks } from "../lifecycle/hooks";
import * as paths from "../paths";
import { ValkeyRegistry } from "../registry/registry";
import { StoreToken } from "../registry/store-token";
import { ReleaseBucket } from "../release/download";
import { installRelease, isCurrent } from "../release/install-release";
import { live } from "./agent";
import { serveStatus } from "./http-interface";
import { NodeStatus } from "./node-status";
import { TIMING } from "./timing";
import { Systemd } from "./units";
import { retried } from "./wait";

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
  await serveStatus(status, AGENT_PORT);
  log.info({ ...identity, release: config.release }, "the agent is there");

  const units = new Systemd();
  const token = new StoreToken(config.region, config.sessionStore.authSecretArn);
  const releases = new ReleaseBucket(config.region, config.releasesBucket);
  const gateConfig = renderGateConfig({
    nodeId: identity.id,
    address: identity.ip,
    gatePort: config.gatePort,
    agentPort: AGENT_PORT,
    appPort: APP_PORT,
    luaFile: paths.GATE_LUA_FILE,
    socketPath: paths.GATE_SOCKET,
  });
  const env = async () =>
    appEnv({
      nodeId: identity.id,
      appPort: APP_PORT,
      agentPort: AGENT_PORT,
      folder: paths.CURRENT_LINK,
      store: config.sessionStore,
      token: await token.read(),
    });

  await live(
    {
      status,
      units,
      log,
      gate: new GateSocket(paths.GATE_SOCKET),
      hooks: new AutoScalingHooks(config.region, config.autoScalingGroup, identity.id),
      registry: new ValkeyRegistry({ store: config.sessionStore, token: () => token.read(), log, tls: true }),
      timing: TIMING,
      policy: HEALTH_POLICY,
      install: async () => {
        const folder = await installRelease(releases, config.release, PLACES);
        const application = await readApplication(folder);
        await installGate(units, paths.GATE_CONFIG_FILE, gateConfig);
        await installApp({ units, application, folder, env });
        return application;
      },
      releaseInPlace: () => isCurrent(config.release, PLACES),
      probe: ({ health }) => probe({ url: `http://${identity.ip}:${config.gatePort}${health.path}`, timeoutMs: health.timeoutMs }),
      lastOutput: () => lastOutput(paths.APP_LOG_FILE, [token.last, percentEncoded(token.last)]),
      targetLifecycleState: () => metadata.targetLifecycleState(),
      launched: { read: () => exists(paths.LAUNCHED_FILE), write: () => leaveMark(paths.LAUNCHED_FILE) },
      say: (line) => process.stdout.write(`${line}\n`),
    },
    new AbortController().signal,
  );
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
