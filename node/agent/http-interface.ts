import { createServer, type Server, type ServerResponse } from "node:http";
import { AGENT_PATH, HEALTH_PATH } from "../../contract/health";
import { mayServe } from "../health/assess";
import type { NodeStatus } from "./node-status";

/** What the gate passes on from `/.nplus1/`: the node's health and the agent's own. */
export function serveStatus(status: NodeStatus, port: number): Promise<Server> {
  const server = createServer((request, response) => {
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
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function answer(response: ServerResponse, code: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text), "cache-control": "no-store" };
  response.writeHead(code, headers).end(text);
}
