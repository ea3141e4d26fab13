import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { renderGateConfig } from "../../../node/gate/gate-config";
import { GateSocket } from "../../../node/gate/gate-socket";

export interface GatePorts {
  gate: number;
  hop: number;
  agent: number;
  app: number;
}

/** A real HAProxy with the gate's own configuration, on loopback. */
export class RunningGate {
  readonly url: string;
  readonly socket: GateSocket;
  readonly ports: GatePorts;
  #process: ChildProcess;
  readonly #folder: string;

  private constructor(
    folder: string,
    ports: GatePorts,
    readonly address: string,
    process: ChildProcess,
  ) {
    this.#folder = folder;
    this.ports = ports;
    this.#process = process;
    this.url = `http://${address}:${ports.gate}`;
    this.socket = new GateSocket(join(folder, "gate.sock"));
  }

  /** Gates that are to meet have an address each and the hop port in common. */
  static async start(place: { nodeId?: string; address?: string; hop?: number } = {}): Promise<RunningGate> {
    const folder = await mkdtemp(join(tmpdir(), "nplus1-gate-"));
    const [gate, agent, app, free] = (await freePorts(4)) as [number, number, number, number];
    const { nodeId = "i-0test", address = "127.0.0.1", hop = free } = place;
    const config = renderGateConfig({
      nodeId,
      address,
      gatePort: gate,
      hopPort: hop,
      agentPort: agent,
      appPort: app,
      luaFile: resolve("node/gate/gate.lua"),
      socketPath: join(folder, "gate.sock"),
      innerPath: join(folder, "inner.sock"),
    });
    await writeFile(join(folder, "gate.cfg"), config);
    const running = new RunningGate(folder, { gate, hop, agent, app }, address, run(folder));
    await running.#listens();
    return running;
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.#process.once("exit", done));
    this.#process.kill("SIGTERM");
    await gone;
    await rm(this.#folder, { recursive: true });
  }

  async #listens(): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!(await canConnect(this.ports.gate, this.address))) {
      if (Date.now() > deadline) throw new Error("waited 5000 ms for the gate to listen");
      await pause(20);
    }
  }
}

function run(folder: string): ChildProcess {
  const child = spawn("haproxy", ["-W", "-f", join(folder, "gate.cfg")], { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.resume();
  return child;
}

export async function listen(handler: RequestListener, port: number): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  return server;
}

export async function close(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(() => undefined, 0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

const canConnect = (port: number, address: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection(port, address);
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
