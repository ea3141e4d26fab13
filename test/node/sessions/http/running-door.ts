import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Sessions } from "../../../../node/sessions/model";
import { openSessions, type SessionsOptions } from "../../../../node/sessions/open";
import { SessionDoor } from "../../../../node/sessions/http/door";
import { versionKey } from "../../../../node/sessions/http/version-key";
import { VersionCookie } from "../../../../node/sessions/version-cookie";

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of the body, when it is JSON. */
  json: any;
}

const MAX_SESSION_BYTES = 64 * 1024;
const BODY_LIMIT_MS = 1000;

/** The door as the agent opens it: a real socket in front, a real core behind. */
export class RunningDoor {
  readonly port: number;

  private constructor(
    readonly sessions: Sessions,
    readonly faults: readonly unknown[],
    private readonly server: Server,
  ) {
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(
    options: SessionsOptions,
    sessions: Sessions = openSessions({ maxSessionBytes: MAX_SESSION_BYTES, ...options }),
  ): Promise<RunningDoor> {
    const faults: unknown[] = [];
    const door = new SessionDoor({
      sessions,
      carried: new VersionCookie(versionKey("a secret")),
      maxSessionBytes: MAX_SESSION_BYTES,
      bodyLimitMs: BODY_LIMIT_MS,
      onFault: (error) => void faults.push(error),
    });
    const server = createServer();
    for (const event of ["request", "checkContinue"]) server.on(event, door.handle.bind(door));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new RunningDoor(sessions, faults, server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await this.sessions.close();
  }

  /** `body` is sent as JSON, a text or bytes as they are. */
  ask(method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {}): Promise<Answered> {
    const bytes = body === undefined ? undefined : typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const type = bytes === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(bytes)) };
    return new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port: this.port, method, path, headers: { ...type, ...headers } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", reject).on("end", () => {
          const isJson = /json/.test(response.headers["content-type"] ?? "") && text !== "";
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined });
        });
      });
      sent.on("error", reject).end(bytes);
    });
  }
}
