import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { spawn } from "node:child_process";
import { agent } from "../../../lab/cloud/ssm/agent";
import type { CommandStep } from "../../../lab/cloud/ssm/command-document";
import type { Instance } from "../../../lab/machine/instance";
import { listenIn } from "../../../lab/machine/listen-in";
import { Machine, type MachineOptions } from "../../../lab/machine/machine";
import type { NetworkState } from "../../../lab/machine/network-state";
import { inNetns } from "../../../lab/machine/run";

/** The inner world of a test: a machine, driven by JSON lines on stdin, answering with JSON lines on stdout. */
const options = JSON.parse(process.argv[2] ?? "") as MachineOptions;
const machine = new Machine(options);
const instances = new Map<string, Instance>();

interface Ran {
  code: number | null;
  output: string;
}

/** `node` is the Node.js that this world runs with: an ordinary user may not reach that of the tests. */
function runCommand(netns: string | null, argv: string[], limitMs: number): Promise<Ran> {
  const whole = argv[0] === "node" ? [process.execPath, ...argv.slice(1)] : argv;
  const [file = "", ...args] = netns === null ? whole : inNetns(netns, whole);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], timeout: limitMs, killSignal: "SIGKILL" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** A function's sandbox whose runtime is this script, to its end. */
async function runSandbox({ script, ...spec }: { netns: string; taskDir: string; script: string; env: Record<string, string> }) {
  const runtimeFile = join(options.labDir, `runtime-${randomUUID()}.cjs`);
  writeFileSync(runtimeFile, script);
  const since = performance.now();
  const child = machine.startSandbox({ ...spec, runtimeFile, tmpMiB: 2, nodeArguments: ["--use-openssl-ca"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, output, ms: Math.round(performance.now() - since) };
}

/** A step of a Systems Manager command on an instance, cancelled after a while or not. */
function runCommandOn({ id, hostPid, rootDir }: Instance, step: CommandStep, cancelMs: number | null) {
  const signal = cancelMs === null ? new AbortController().signal : AbortSignal.timeout(cancelMs);
  return agent.run({ id, hostPid, rootDir, netns: id }, "command-1", step, signal);
}

function instance(id: string): Instance {
  const found = instances.get(id);
  if (!found) throw new Error(`${id}: no such instance in this test`);
  return found;
}

const verbs: Record<string, (...args: never[]) => Promise<unknown>> = {
  start: async () => {
    await machine.start();
    const { s3, other } = options.awsServices;
    for (const address of [s3, other]) {
      await once(createServer((request, response) => response.end(`${address} ${request.socket.remoteAddress}`)).listen(80, address), "listening");
    }
    const { certPem, keyPem } = machine.ca.issue(["*.us-east-1.amazonaws.com"]);
    const secure = createSecureServer({ cert: certPem, key: keyPem }, (_, response) => response.end("trusted"));
    await once(secure.listen(443, other), "listening");
  },
  network: async (state: NetworkState) => {
    const since = performance.now();
    await machine.applyNetwork(state);
    return Math.round(performance.now() - since);
  },
  dns: async (records: [string, string[]][]) => machine.setDns(new Map(records)),
  run: runCommand,
  listen: async (netns: string, port: number, answer: string) => {
    const script = `require("node:http").createServer((q,s)=>s.end(${JSON.stringify(answer)}+" "+q.socket.remoteAddress)).listen(${port},()=>console.log("up"))`;
    const child = machine.spawnIn(netns, [process.execPath, "-e", script], { name: answer, stdout: "pipe", logFile: "/dev/null" });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    return machine.hostPid(child.pid ?? 0);
  },
  listenIn: async (netns: string, answer: string) => {
    const { server, port } = await listenIn(netns);
    createServer((_, response) => response.end(answer)).listen(server);
    return port;
  },
  boot: async (spec: { id: string; netns: string; privateIp: string; userData: string }) => {
    const since = performance.now();
    const metadata = () => ({
      instanceId: spec.id,
      amiId: "ami-1",
      instanceType: "t4g.small",
      localIpv4: spec.privateIp,
      mac: "02:00:00:00:00:01",
      hostName: `${spec.id}.ec2.internal`,
      region: "us-east-1",
      availabilityZone: "us-east-1a",
      accountId: "123456789012",
      architecture: "arm64",
      tags: {},
      targetLifecycleState: "InService",
      launchedAt: "2026-11-24T00:00:00Z",
    });
    const booted = await machine.bootInstance({ ...spec, hostName: `${spec.id}.ec2.internal`, metadata });
    instances.set(spec.id, booted);
    return { hostPid: booted.hostPid, rootDir: booted.rootDir, ms: Math.round(performance.now() - since) };
  },
  sandbox: (spec: { netns: string; taskDir: string; script: string; env: Record<string, string> }) => runSandbox(spec),
  command: (id: string, step: CommandStep, cancelMs: number | null) => runCommandOn(instance(id), step, cancelMs),
  reaches: (netns: string, address: string) => agent.reaches({ id: "", hostPid: 0, rootDir: "", netns }, address),
  units: (id: string) => instance(id).units(),
  kill: (id: string) => instance(id).kill(),
  exited: (id: string) => instance(id).exited,
  issue: async (names: string[]) => ({ ca: machine.ca.certPem, ...machine.ca.issue(names) }),
  stop: () => machine.stop(),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, verb, args } = JSON.parse(line) as { id: number; verb: string; args: never[] };
  const answer = (body: object) => process.stdout.write(`${JSON.stringify({ id, ...body })}\n`);
  const work = verbs[verb];
  if (!work) return answer({ error: `no verb ${verb}` });
  work(...args).then(
    (value) => answer({ value: value ?? null }),
    (error: Error) => answer({ error: error.stack ?? error.message }),
  );
});
