import type { Server } from "node:http";
import { connect } from "node:net";
import { serveAgent } from "../../../../node/agent/http-interface";
import { NodeStatus } from "../../../../node/agent/node-status";
import { close, listen, RunningGate } from "../../gate/running-gate";

describe("sessions behind the gate", () => {
  let gate: RunningGate;
  let agent: Server;
  let app: Server;
  let asked: string[];

  beforeAll(async () => {
    gate = await RunningGate.start();
    const sessions = {
      handle: (request: { url?: string }, response: { end: (text: string) => void }) => (asked.push(request.url ?? ""), response.end("a session")),
    };
    agent = await serveAgent(new NodeStatus({ id: "i-1", zone: "z", ip: "10.0.0.4" }, "a".repeat(64)), sessions, gate.ports.agent);
    app = await listen((request, response) => response.end(`app ${request.url}`), gate.ports.app);
  });
  afterAll(async () => {
    await close(agent);
    await close(app);
    await gate.stop();
  });
  beforeEach(() => {
    asked = [];
  });

  /** As it is written: fetch would resolve the dots. */
  function ask(target: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(gate.ports.gate, "127.0.0.1", () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${gate.ports.agent}\r\nConnection: close\r\n\r\n`),
      );
      let got = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        got += text;
      });
      socket.on("error", reject).on("close", () => resolve(got));
    });
  }

  test.each(["/sessions/x", "/sessions", "//sessions/x"])("the path %s is the application's", async (path) => {
    expect(await ask(path)).toContain(`app ${path}`);
    expect(asked).toEqual([]);
  });

  test.each([
    "/.nplus1/../sessions/x",
    "/.nplus1/..%2fsessions/x",
    "/.nplus1//../../sessions/x",
    "/.nplus1/%2e%2e/sessions/x",
    "/.nplus1/;/../sessions/x",
    "/.nplus1/\\..\\sessions/x",
    "http://127.0.0.1/.nplus1/../sessions/x",
    "http://127.0.0.1/sessions/x",
  ])("no way leads to them: %s", async (target) => {
    expect(await ask(target)).not.toContain("a session");
    expect(asked).toEqual([]);
  });
});
