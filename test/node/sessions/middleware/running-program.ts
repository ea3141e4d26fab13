import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express } from "express";
import { withSessions } from "../../../../node/sessions/middleware/with-sessions";
import type { SessionOptions } from "../../../../node/sessions/middleware/session-options";
import { settingsOf } from "../../../../node/sessions/middleware/settings";
import { FakeSessions } from "./fake-sessions";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  cookies: string[];
  text: string;
}

/** An Express program with sessions, on a port of its own, and a client that keeps cookies. */
export class RunningProgram {
  readonly sessions = new FakeSessions();
  readonly jar = new Map<string, string>();
  #server: Server | undefined;

  static async start(routes: (app: Express) => void, options: SessionOptions = {}): Promise<RunningProgram> {
    const program = new RunningProgram();
    const app = express();
    app.set("env", "test");
    app.use(withSessions(settingsOf(options, ["keyboard cat"], program.sessions)) as never);
    routes(app);
    await program.listen(app);
    return program;
  }

  async listen(listener: RequestListener): Promise<void> {
    const server = createServer(listener);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo).port;
  }

  /** The one session there is. */
  get id(): string {
    const [id, ...others] = [...this.sessions.stored.keys()];
    if (id === undefined || others.length > 0) throw new Error(`there are ${others.length} sessions more than one`);
    return id;
  }

  /** Sends the cookies that were set before, and keeps those that are set. */
  async get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await ask({ port: this.port, path, method, headers: { ...(cookie && { cookie }), ...headers } });
    for (const text of answer.cookies) this.#keep(text);
    return answer;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #keep(text: string): void {
    const [pair = "", ...attributes] = text.split("; ");
    const [name = "", value = ""] = pair.split("=");
    if (attributes.includes("Expires=Thu, 01 Jan 1970 00:00:00 GMT")) this.jar.delete(name);
    else this.jar.set(name, value);
  }
}

/** @throws when the answer is cut off */
export async function ask(options: { port: number; path: string; method?: string; headers?: Record<string, string> }): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", agent: false, ...options }, resolve)
      .on("error", reject)
      .end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    cookies: response.headers["set-cookie"] ?? [],
    text: Buffer.concat(chunks).toString(),
  };
}

/** A promise and what settles it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
