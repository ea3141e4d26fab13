import { join } from "node:path";
import { Client } from "./client";
import { Connection } from "./connection";
import { PinnedProcess } from "./pinned-process";
import type { Place } from "./places";
import { LAYER_TITLES, type LayerName } from "./plan";

/** Connections, each with a session and cookies of its own. */
export const CLIENTS = 64;

/** One process of the program, with one session layer, and the clients it knows. */
export class Program {
  /** What its layer's scripts call in the store; such commands need no round trip of their own. */
  scripted: ReadonlySet<string> = new Set();

  private constructor(
    readonly layer: LayerName,
    readonly place: Place,
    readonly process: PinnedProcess,
    readonly port: number,
    readonly page: string,
    private readonly known = new Map<number, readonly Client[]>(),
  ) {}

  static async start(layer: LayerName, place: Place, core: number, page: string): Promise<Program> {
    const name = `the program (${LAYER_TITLES[layer]})`;
    const process_ = PinnedProcess.start(name, core, [process.execPath, join(__dirname, "program.cjs"), layer, place.url]);
    return new Program(layer, place, process_, await process_.port(), page);
  }

  /** The same process and clients, measured together with others. */
  beside(place: Place): Program {
    return new Program(this.layer, place, this.process, this.port, this.page, this.known);
  }

  get hasStore(): boolean {
    return this.layer !== "none" && this.layer !== "memory";
  }

  /** What fails in `work` is said of this program, with its last words. */
  async blamed<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`${LAYER_TITLES[this.layer]}, store ${this.place.name}: ${message}\nits last words: ${this.process.lastWords}`, { cause });
    }
  }

  newClient(number = 0): Client {
    return new Client(number, this.page);
  }

  /** Logged in, with sessions of this size: the same ones in all rounds. */
  async clients(bytes: number): Promise<readonly Client[]> {
    const known = this.known.get(bytes);
    if (known) return known;
    const clients = Array.from({ length: CLIENTS }, (_, number) => this.newClient(number));
    await this.connected(async (connection) => {
      for (const client of clients) await client.logIn(connection, bytes);
    });
    this.known.set(bytes, clients);
    return clients;
  }

  async connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await Connection.open(this.port);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }
}
