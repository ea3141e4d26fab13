import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as NetServer } from "node:net";
import { buffer } from "node:stream/consumers";

export interface Invocation {
  requestId: string;
  functionArn: string;
  payload: Buffer;
  /** Milliseconds since the epoch. */
  deadline: number;
  traceId: string;
  /** JSON; synchronous invocations only. */
  clientContext: string | undefined;
}

/** What the runtime said of an invocation, or of its own start. */
export type Said = { kind: "response" | "error" | "init-error"; payload: Buffer };

export interface RuntimeApiEvents {
  /** The runtime wants an invocation. */
  onNext: () => void;
  onSaid: (said: Said) => void;
}

const PATH = /^\/2018-06-01\/runtime\/(?:invocation\/(?:(next)|([\w-]+)\/(response|error))|(init\/error))$/;

/** One sandbox's Runtime API: what a function's runtime polls for invocations. @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  readonly #server: Server;
  #waiting: ServerResponse | undefined;
  #current: Invocation | undefined;

  constructor(private readonly events: RuntimeApiEvents) {
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
    // A runtime may wait for its next invocation for as long as it lives.
    Object.assign(this.#server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
  }

  /** Serves on a socket that listens already. */
  async listen(socket: NetServer): Promise<void> {
    this.#server.listen(socket);
    if (!this.#server.listening) await once(this.#server, "listening");
  }

  /** Hands an invocation to the runtime, which must have asked for one. */
  deliver(invocation: Invocation): void {
    this.#current = invocation;
    const { requestId, deadline, functionArn, traceId, clientContext, payload } = invocation;
    this.#waiting?.writeHead(200, {
      "content-type": "application/json",
      "content-length": payload.length,
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": String(deadline),
      "lambda-runtime-invoked-function-arn": functionArn,
      "lambda-runtime-trace-id": traceId,
      ...(clientContext === undefined ? {} : { "lambda-runtime-client-context": clientContext }),
    });
    this.#waiting?.end(payload);
    this.#waiting = undefined;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const [, next, requestId, kind, init] = PATH.exec(incoming.url ?? "") ?? [];
    const say = (status: number, what: object): void =>
      void outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(what));
    if (next && incoming.method === "GET") {
      this.#waiting = outgoing;
      return this.events.onNext();
    }
    if (init) {
      say(202, { status: "OK" });
      return this.events.onSaid({ kind: "init-error", payload: body });
    }
    if (kind && requestId === this.#current?.requestId) {
      this.#current = undefined;
      say(202, { status: "OK" });
      return this.events.onSaid({ kind: kind as "response" | "error", payload: body });
    }
    say(kind ? 400 : 404, { errorType: kind ? "InvalidRequestID" : "NotFound", errorMessage: kind ? "Invalid request ID" : "no such path" });
  }
}
