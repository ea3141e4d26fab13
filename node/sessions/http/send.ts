import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer";
import type { Problem } from "./problem";
import { hasBody } from "./read-body";

/** A client that is refused while it sends gets this long to read why, in milliseconds: a reset connection would lose the answer. */
const LINGER_MS = 1000;

/** A longer rest of a refused request is not waited for: the connection ends. */
const UNREAD_LIMIT_BYTES = 65_536;

export function refuse(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  // A client that has gone needs no answer.
  if (request.socket.destroyed) return;
  const { status, headers } = problem;
  send(request, response, { status, headers: { "Content-Type": "application/problem+json", ...headers }, body: problem.body() });
}

export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const closes = isLong(request);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  response.writeHead(status, {
    ...(bytes === undefined ? {} : { "Content-Length": bytes.length }),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...(closes ? { Connection: "close" } : {}),
    ...headers,
  });
  if (!closes) {
    response.end(bytes);
    return;
  }
  if (bytes === undefined) response.flushHeaders();
  else response.write(bytes);
  lingered(request, () => response.end());
}

function isLong(request: IncomingMessage): boolean {
  if (request.complete || !hasBody(request)) return false;
  return request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"]) > UNREAD_LIMIT_BYTES;
}

function lingered(request: IncomingMessage, done: () => void): void {
  const timer = setTimeout(end, LINGER_MS);
  function end(): void {
    clearTimeout(timer);
    request.off("end", end).off("error", end).off("close", end);
    done();
  }
  request.on("end", end).on("error", end).on("close", end).resume();
}
