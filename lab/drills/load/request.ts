import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";

/** A client gives up on a request after this, in milliseconds: far longer than any limit that is judged. */
export const PATIENCE_MS = 20_000;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A client's one connection, kept alive. The lab's certificate is the lab's own authority's. */
export const oneConnection = (url: string): Agent | TlsAgent =>
  url.startsWith("https:")
    ? new TlsAgent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    : new Agent({ keepAlive: true, maxSockets: 1 });

export interface Asked {
  method: "GET" | "POST";
  url: string;
  agent: Agent;
  cookies: string;
  /** Sent as JSON. */
  body?: unknown;
}

/** One request with its whole answer. @throws when there is none, or only a part, within the client's patience. */
export async function ask({ method, url, agent, cookies, body }: Asked): Promise<Answer> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: "application/json, text/html",
    ...(cookies === "" ? {} : { cookie: cookies }),
    ...(content === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(content)) }),
  };
  const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(url, { method, agent, headers });
  const limit = setTimeout(() => request.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve);
      request.on("error", reject);
      request.end(content);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  } finally {
    clearTimeout(limit);
  }
}
