import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A target: says who it is, and does on demand what targets do. */
export class BackendServer {
  health = 200;
  /** Requests served, health checks not counted. */
  served = 0;
  checks = 0;
  lastHeaders: IncomingMessage["headers"] = {};
  readonly #server: Server;

  private constructor(readonly id: string) {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      if (request.url === "/health") {
        this.checks += 1;
        if (this.health !== 0) response.writeHead(this.health).end();
        return;
      }
      this.served += 1;
      this.lastHeaders = request.headers;
      const delay = Number(/^\/slow\/(\d+)/.exec(request.url ?? "")?.[1] ?? 0);
      if (request.url === "/die") return void request.socket.destroy();
      setTimeout(() => response.setHeader("x-target", this.id).end(`${this.id} ${request.url}`), delay);
    });
  }

  static async start(id: string): Promise<BackendServer> {
    const backend = new BackendServer(id);
    await new Promise<void>((resolve) => backend.#server.listen(0, "127.0.0.1", resolve));
    return backend;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
