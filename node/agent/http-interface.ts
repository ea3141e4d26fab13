import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AGENT_PATH, HEALTH_PATH } from "../../contract/health";
import { mayServe } from "../health/ladder-state";
import { isSessionsPath } from "../sessions/http/route";
import type { NodeStatus } from "./node-status";

/** All in milliseconds. A request that takes longer to arrive is cut off; bodies have a limit of their own, which says so. */
const REQUEST_LIMITS = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 2000 };
/** Longer than programs commonly keep idle connections, so that it is seldom the agent that closes one under a request. */
const KEEP_ALIVE_MS = 75_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What programs of the node ask at SESSION_URL, and what the gate passes on from `/.nplus1/`: the node's health and the agent's own. */
export function serveAgent(status: NodeStatus, sessions: { handle: Handler }, port: number): Promise<Server> {
  const handler: Handler = (request, response) =>
    isSessionsPath(request.url ?? "") ? sessions.handle(request, response) : answerStatus(status, request, response);
  const server = createServer({ ...REQUEST_LIMITS, keepAliveTimeout: KEEP_ALIVE_MS }, handler);
  // Whoever reads the body says whether it is wanted.
  server.on("checkContinue", handler);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function answerStatus(status: NodeStatus, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, { error: "only GET is answered here" });
  switch (request.url) {
    case HEALTH_PATH: {
      const report = status.report();
      return answer(response, mayServe(report.state) ? 200 : 503, report);
    }
    case AGENT_PATH:
      return answer(response, 200, { node: status.identity.id, release: status.release });
    default:
      return answer(response, 404, { error: `no such path: ${request.url}` });
  }
}

function answer(response: ServerResponse, code: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text), "cache-control": "no-store" };
  response.writeHead(code, headers).end(text);
}
