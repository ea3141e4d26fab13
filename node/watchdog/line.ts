import { createConnection, type Socket } from "node:net";
import type { WatchdogMessage } from "./message";

/** Milliseconds between two attempts to reach the agent. */
const AGAIN_MS = 1000;
/** An agent that does not read is not given more than this, in bytes. */
const UNREAD_BYTES = 16_384;

/** To the agent, whenever it is there. What is said while it is not is lost: it is said again. */
export class Line {
  readonly #path: string;
  #socket: Socket | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#connect();
  }

  say(message: WatchdogMessage): void {
    if (this.#socket === undefined || this.#socket.writableLength > UNREAD_BYTES) return;
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #connect(): void {
    const socket = createConnection(this.#path);
    socket.on("connect", () => {
      this.#socket = socket;
    });
    socket.on("error", () => undefined);
    socket.resume();
    socket.on("close", () => {
      this.#socket = undefined;
      setTimeout(() => this.#connect(), AGAIN_MS);
    });
  }
}
