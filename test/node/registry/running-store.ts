import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { StoreConnection } from "../../../node/registry/store-connection";

/** A real Redis on a port of its own, and connections to it as the agent has one. */
export class RunningStore {
  #process: ChildProcess | undefined;
  readonly #connections: StoreConnection[] = [];
  readonly logged: string[] = [];
  token = "first";
  refused = 0;

  private constructor(readonly port: number) {}

  static async start(): Promise<RunningStore> {
    const store = new RunningStore(await freePort());
    store.run();
    return store;
  }

  run(password = "first"): void {
    const args = ["--port", String(this.port), "--bind", "127.0.0.1", "--requirepass", password, "--save", ""];
    this.#process = spawn("redis-server", args, { stdio: "ignore" });
  }

  connection(): StoreConnection {
    const connection = new StoreConnection({
      store: { primaryHost: "127.0.0.1", port: this.port },
      token: async () => this.token,
      onRefused: () => void (this.refused += 1),
      log: pino({}, { write: (line: string) => void this.logged.push((JSON.parse(line) as { msg: string }).msg) }),
      tls: false,
    });
    this.#connections.push(connection);
    return connection;
  }

  /** Stops it in the middle of whatever it does, and lets it go on: as if nothing got through and no connection closed. */
  silence = (): boolean => this.#process?.kill("SIGSTOP") ?? false;
  goOn = (): boolean => this.#process?.kill("SIGCONT") ?? false;

  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.#process ?? {};
    if (this.#process === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((done) => this.#process?.once("exit", done));
    this.#process.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.kill();
  }
}

export async function reached(what: string, is: () => boolean | Promise<boolean>, limitMs = 8000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await pause(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
