import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import type { SessionsOptions } from "../../../../node/sessions/open";
import { until } from "../core/until";
import { type RedisServer, startRedis } from "../redis-server";
import { buildNode, Node } from "./node";
import { Proxy } from "./proxy";

export interface ClusterArgs {
  nodes: number;
  replica?: boolean;
  options?: Partial<SessionsOptions>;
}

/** Nodes, a store with or without a replica, and a wire from each node to the store. */
export class Cluster {
  readonly nodes: Node[] = [];
  readonly wires: Proxy[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "nplus1-chaos-"));
  readonly #replicaWires: Proxy[] = [];
  readonly #servers: RedisServer[] = [];
  readonly #program = buildNode(this.#folder);

  private constructor(private readonly args: ClusterArgs) {}

  static async start(args: ClusterArgs): Promise<Cluster> {
    const cluster = new Cluster(args);
    await cluster.#startStore();
    for (let index = 0; index < args.nodes; index += 1) await cluster.addNode();
    return cluster;
  }

  get primary(): RedisServer {
    return this.#servers[0] as RedisServer;
  }

  get replica(): RedisServer {
    return this.#servers[1] as RedisServer;
  }

  async addNode(): Promise<Node> {
    const wire = await Proxy.start(this.primary.port);
    const node = new Node(this.#program, `n${this.nodes.length}`, { url: wire.url, ...this.args.options });
    this.wires.push(wire);
    this.nodes.push(node);
    // Answers once it is connected.
    await node.ask("read", "nobody", "");
    return node;
  }

  /** One command by hand. */
  async command(server: RedisServer, ...args: string[]): Promise<unknown> {
    const client = createClient({ url: server.url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return await client.sendCommand(args);
    } finally {
      client.destroy();
    }
  }

  /** The primary dies, the replica is promoted, and then the name leads there. */
  async failOver(): Promise<void> {
    const [dead, promoted] = this.#servers.splice(0, 2) as [RedisServer, RedisServer];
    await dead.stop();
    await this.command(promoted, "REPLICAOF", "NO", "ONE");
    this.#servers.push(promoted);
    for (const wire of this.wires) wire.leadTo(promoted.port);
  }

  /** From now on the replica has everything this much later. */
  lag(ms: number): void {
    this.#replicaWires.at(-1)?.slowDown(ms);
  }

  async addReplica(): Promise<void> {
    const wire = await Proxy.start(this.primary.port);
    this.#replicaWires.push(wire);
    const replica = await startRedis(["--replicaof", `127.0.0.1 ${wire.port}`, "--repl-diskless-sync-delay", "0"]);
    this.#servers.push(replica);
    await until("the replica is in step", async () => /master_link_status:up/.test(String(await this.command(replica, "INFO", "replication"))));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all([...this.wires, ...this.#replicaWires].map((wire) => wire.stop()));
    await Promise.all(this.#servers.map((server) => server.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startStore(): Promise<void> {
    this.#servers.push(await startRedis(["--repl-diskless-sync-delay", "0"]));
    if (this.args.replica) await this.addReplica();
  }
}
