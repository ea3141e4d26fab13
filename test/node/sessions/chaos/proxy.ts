import { once } from "node:events";
import { type AddressInfo, createServer, connect, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

interface Pair {
  near: Socket;
  far: Socket;
}

/** A wire between a node and the store that can be cut in the ways in which networks fail. */
export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #targetPort: number;
  #isBlackHole = false;
  #delayMs = 0;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on("connection", (near) => this.#join(near));
  }

  static async start(targetPort: number): Promise<Proxy> {
    const server = createServer({ allowHalfOpen: false }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Proxy(server, targetPort);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** New connections lead there; those that are open stay. */
  leadTo(port: number): void {
    this.#targetPort = port;
  }

  /** Each byte arrives this much later, in both directions. */
  slowDown(ms: number): void {
    this.#delayMs = ms;
  }

  /** Both sides are told. */
  kill(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** The store's side is closed, and the node is never told. */
  leaveHalfOpen(): void {
    for (const { near, far } of this.#pairs) {
      near.removeAllListeners("data");
      near.resume();
      far.removeAllListeners("close");
      far.destroy();
    }
  }

  /** All bytes vanish, those of new connections too; nothing is closed. */
  blackHole(isOn: boolean): void {
    this.#isBlackHole = isOn;
    // What a real network would send again later is not: a connection that lost bytes is of no use.
    if (!isOn) this.kill();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.kill();
    await once(this.#server, "close");
  }

  #join(near: Socket): void {
    const far = connect(this.#targetPort, "127.0.0.1");
    const pair = { near, far };
    this.#pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    this.#lead(near, far);
    this.#lead(far, near);
    near.on("close", () => {
      this.#pairs.delete(pair);
      far.destroy();
    });
    far.on("close", () => near.destroy());
  }

  #lead(from: Socket, to: Socket): void {
    let before = Promise.resolve();
    from.on("error", () => undefined);
    from.on("data", (bytes) => {
      if (this.#isBlackHole) return;
      const waited = this.#delayMs === 0 ? before : Promise.all([before, delay(this.#delayMs)]);
      // One after the other, also when the delay changes.
      before = waited.then(() => void (to.writable && to.write(bytes)));
    });
  }
}
