import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OUTSIDE, type ServiceAddresses } from "./addresses";
import { bootScript } from "./boot-script";
import { type CertificateAuthority, certificateAuthority } from "./certificate-authority";
import { answerQuery, type Records } from "./dns-answer";
import { hostPids } from "./host-pid";
import { type Image, makeImage } from "./image";
import { startImds } from "./imds";
import { type Instance, startInstance } from "./instance";
import type { InstanceMetadata } from "./instance-metadata";
import { makeRoot, rootMounts } from "./instance-root";
import { startInternet } from "./internet";
import { OUTSIDE_NETNS } from "./names";
import { Network } from "./network";
import type { NetworkState } from "./network-state";
import { startResolver } from "./resolver";
import { inNetns } from "./run";
import { makeSandboxRoot, type SandboxSpec, startSandbox } from "./sandbox";
import { checkTools, pythonTool, type ToolPaths } from "./tool-paths";

export interface MachineOptions {
  labDir: string;
  /** Names the lab on this machine; inside, names need no prefix. */
  labId: string;
  /** Inside a user namespace, where only root exists. */
  rootless: boolean;
  toolPaths: ToolPaths;
  awsServices: ServiceAddresses;
}

export interface InstanceSpec {
  id: string;
  netns: string;
  privateIp: string;
  hostName: string;
  userData: string;
  metadata: () => InstanceMetadata;
}

export interface SpawnArgs {
  /** For the log, should it not start. */
  name: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** "ignore" when absent. */
  stdin?: "pipe" | "ignore";
  /** The log file when absent. */
  stdout?: "pipe";
  /** Descriptors that the process has as 3, 4, … */
  fds?: readonly number[];
  logFile: string;
}

/** This machine as the cloud's hardware: networks, instances, names, certificates. Lives in the lab's inner world and vanishes with it. */
export class Machine {
  readonly #options: MachineOptions;
  readonly #network: Network;
  readonly #closers: (() => void)[] = [];
  readonly #instances = new Set<Instance>();
  readonly #children = new Set<ChildProcess>();
  #records: Records = new Map();
  #authority: CertificateAuthority | undefined;
  #image: Image | undefined;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#network = new Network(options.awsServices);
  }

  get ca(): CertificateAuthority {
    if (!this.#authority) throw new Error("machine: must be started before its certificate authority is used");
    return this.#authority;
  }

  async start(): Promise<void> {
    const { labDir, toolPaths, rootless, awsServices } = this.#options;
    checkTools(toolPaths);
    this.#authority = certificateAuthority(join(labDir, "ca"));
    await startInternet(awsServices);
    this.#image = makeImage(join(labDir, "image"), this.#authority.certPem, pythonTool(toolPaths.venv), rootless);
    makeSandboxRoot(this.#sandboxRoot, this.#image);
    this.#closers.push(await startResolver((query) => answerQuery(query, this.#records, awsServices)));
    await this.#startVendor();
  }

  applyNetwork(state: NetworkState): Promise<void> {
    return this.#network.apply(state);
  }

  setDns(records: Records): void {
    this.#records = new Map([...records].map(([name, addresses]) => [name.toLowerCase().replace(/\.$/, ""), addresses]));
  }

  async bootInstance(spec: InstanceSpec): Promise<Instance> {
    const image = this.#startedImage();
    const found = this.#network.findEni(spec.netns, spec.privateIp);
    if (!found) throw new Error(`${spec.id}: must have an applied ENI with ${spec.privateIp} in ${spec.netns}`);
    const folder = join(this.#options.labDir, "instances", spec.id);
    const rootDir = join(folder, "root");
    makeRoot(rootDir, image, spec);
    const mounts = rootMounts(image, this.#options.toolPaths, pythonTool(this.#options.toolPaths.venv));
    const closeImds = await startImds(this.#network.imdsPort(found.eni.id), spec.metadata, spec.userData);
    try {
      const script = bootScript({ root: rootDir, hostName: spec.hostName, mounts });
      const instance = await startInstance({ id: spec.id, netns: spec.netns, rootDir, script, consoleFile: join(folder, "console.log") });
      this.#instances.add(instance);
      void instance.exited.then(() => {
        this.#instances.delete(instance);
        closeImds();
      });
      return instance;
    } catch (error) {
      closeImds();
      throw error;
    }
  }

  /** A process of the lab's own in one of its network namespaces, with the machine's file system. */
  spawnIn(netns: string, argv: readonly string[], args: SpawnArgs): ChildProcess {
    mkdirSync(dirname(args.logFile), { recursive: true });
    const log = openSync(args.logFile, "a");
    const [file = "", ...rest] = inNetns(netns, argv);
    const stdio: SpawnOptions["stdio"] = [args.stdin ?? "ignore", args.stdout ?? log, log, ...(args.fds ?? [])];
    const child = spawn(file, rest, { cwd: args.cwd, env: args.env ?? process.env, stdio });
    closeSync(log);
    child.once("error", (error) => appendFileSync(args.logFile, `${args.name}: ${file} could not be started: ${error.message}\n`));
    return this.#adopt(child);
  }

  /** A function's process, see startSandbox. */
  startSandbox(spec: SandboxSpec): ChildProcess {
    return this.#adopt(startSandbox(this.#sandboxRoot, this.#startedImage(), this.#options.toolPaths, spec));
  }

  /** A child of this process (or any process of the inner world, by the id it has there), as the host sees it. */
  async hostPid(pid: number): Promise<number> {
    const found = hostPids("self").get(pid);
    if (found === undefined) throw new Error(`process ${pid}: must be a process of the lab, which there is not`);
    return found;
  }

  /** Ends what the machine started; the namespaces go when the inner world's first process does. */
  async stop(): Promise<void> {
    await Promise.all([...this.#instances].map((instance) => instance.kill()));
    await Promise.all(
      [...this.#children].map(async (child) => {
        child.kill("SIGKILL");
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      }),
    );
    for (const close of this.#closers.splice(0)) close();
    await this.#network.apply({ vpcs: [] });
  }

  get #sandboxRoot(): string {
    return join(this.#options.labDir, "functions/root");
  }

  #startedImage(): Image {
    if (!this.#image) throw new Error("machine: must be started before it runs instances and functions");
    return this.#image;
  }

  #adopt(child: ChildProcess): ChildProcess {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  async #startVendor(): Promise<void> {
    const { toolPaths, labDir } = this.#options;
    const logFile = join(labDir, "logs/vendor.log");
    const argv = [join(toolPaths.node, "bin/node"), toolPaths.init, "vendor", OUTSIDE, "80"];
    const child = this.spawnIn(OUTSIDE_NETNS, argv, { name: "vendor", stdout: "pipe", logFile });
    const listening = child.stdout ? once(child.stdout, "data") : Promise.reject(new Error("vendor: has no output"));
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`vendor: ended with code ${code} before it listened: ${readFileSync(logFile, "utf8").slice(-1000)}`);
    });
    // Once it listens, its end is nobody's to await.
    ended.catch(() => undefined);
    await Promise.race([listening, ended]);
    child.stdout?.resume();
  }
}
