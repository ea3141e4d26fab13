import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { SessionDoor } from "../sessions/http/door";
import { Problem } from "../sessions/http/problem";
import { refuse } from "../sessions/http/send";

export interface OpenDoor {
  door: SessionDoor;
  close: () => Promise<void>;
}

export interface SessionInterfaceArgs {
  open: () => Promise<OpenDoor>;
  /** How long a request waits for that, in milliseconds. */
  limitMs: number;
}

/**
 * The agent's door to the sessions. It is opened by the first request: every process with a session core is told of every modification in
 * the cluster, which is wasted on a node whose application keeps its sessions itself.
 */
export class SessionInterface {
  readonly #args: SessionInterfaceArgs;
  #opening: Promise<OpenDoor> | undefined;
  #opened: OpenDoor | undefined;
  #isClosed = false;

  constructor(args: SessionInterfaceArgs) {
    this.#args = args;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#opened !== undefined && !this.#isClosed) return this.#opened.door.handle(request, response);
    this.#open().then(
      ({ door }) => door.handle(request, response),
      (error: Error) => refuse(request, response, notReady(error.message)),
    );
  }

  /** Requests that come later are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#opening?.catch(() => undefined))?.close();
  }

  async #open(): Promise<OpenDoor> {
    if (this.#isClosed) throw new Error("the node is leaving its group");
    this.#opening ??= this.#args.open();
    const { limitMs } = this.#args;
    const timer = new AbortController();
    const late = pause(limitMs, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`what sessions need could not be read within ${limitMs} ms`);
    });
    late.catch(() => undefined);
    try {
      this.#opened = await Promise.race([this.#opening, late]);
      return this.#opened;
    } catch (error) {
      // A failed opening is tried again by the next request; a slow one goes on.
      this.#opening.catch(() => {
        this.#opening = undefined;
      });
      throw error;
    } finally {
      timer.abort();
    }
  }
}

const notReady = (reason: string): Problem => new Problem(503, "not-ready", `sessions: ${reason}`, {}, { "Retry-After": "1" });
