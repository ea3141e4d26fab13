import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AGENT_PATH } from "../../../contract/health";
import { askNode } from "../../../lambda/sentinel/ask-node";

let server: Server | undefined;

/** A gate that answers like this. */
async function gate(answer: RequestListener): Promise<number> {
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test("an agent that answers through its gate is there", async () => {
  const port = await gate((request, response) => response.writeHead(request.url === AGENT_PATH ? 200 : 404).end("{}"));
  expect(await askNode("127.0.0.1", port)).toEqual({ gateAnswers: true, agentAnswers: true });
});

test("a gate that answers for its agent is there, the agent is not", async () => {
  const port = await gate((_, response) => response.writeHead(504).end());
  expect(await askNode("127.0.0.1", port)).toEqual({ gateAnswers: true, agentAnswers: false });
});

test("a gate that takes the request and says nothing is not there, after the limit", async () => {
  const port = await gate(() => undefined);
  const began = performance.now();
  expect(await askNode("127.0.0.1", port, 100)).toEqual({ gateAnswers: false, agentAnswers: false });
  expect(performance.now() - began).toBeLessThan(1000);
});

test("a gate that refuses or breaks off is not there", async () => {
  const port = await gate((request) => request.socket.destroy());
  expect(await askNode("127.0.0.1", port)).toEqual({ gateAnswers: false, agentAnswers: false });
  server?.close();
  expect(await askNode("127.0.0.1", port)).toEqual({ gateAnswers: false, agentAnswers: false });
});
