import { Agent, request, type Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { close, listen, RunningGate } from "./running-gate";

interface Answer {
  status: number;
  node: string | undefined;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

function ask(url: string, method = "GET", localAddress?: string, agent: Agent | false = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, localAddress }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      const { headers } = response;
      response.on("end", () => resolve({ status: response.statusCode ?? 0, node: headers["x-nplus1-node"] as string | undefined, body, headers }));
      response.on("error", reject);
    });
    sent.on("error", reject).end(method === "POST" ? "x" : undefined);
  });
}

async function reached(what: string, is: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`waited 5000 ms for ${what}`);
    await pause(10);
  }
}

describe("two gates that know each other", () => {
  const gates: RunningGate[] = [];
  const apps: (Server | undefined)[] = [];
  /** Requests that an application has and does not answer. */
  const stuck: { destroy(): void }[] = [];
  let a: RunningGate;
  let b: RunningGate;

  const startApp = async (index: number, name: string) => {
    apps[index] = await listen(
      (incoming, response) => {
        if (incoming.url === "/stuck") return void stuck.push(incoming.socket);
        response.setHeader("x-nplus1-node", "a lie").end(name);
      },
      (gates[index] as RunningGate).ports.app,
    );
  };
  const stopApp = async (index: number) => {
    const app = apps[index];
    apps[index] = undefined;
    if (app) await close(app);
  };

  beforeAll(async () => {
    a = await RunningGate.start({ nodeId: "i-0a", address: "127.0.0.2" });
    b = await RunningGate.start({ nodeId: "i-0b", address: "127.0.0.3", hop: a.ports.hop });
    gates.push(a, b);
  });
  afterAll(() => Promise.all(gates.map((gate) => gate.stop())));
  beforeEach(async () => {
    await startApp(0, "app a");
    await startApp(1, "app b");
    await Promise.all([a.socket.tell("open"), b.socket.tell("open")]);
    await Promise.all([a.socket.meet([b.address]), b.socket.meet([a.address])]);
    for (const gate of gates) await reached("the application to be served", async () => (await ask(`${gate.url}/`)).body.startsWith("app "));
    await reached("a to serve itself", async () => (await ask(`${a.url}/`)).node === "i-0a");
    await reached("b to serve itself", async () => (await ask(`${b.url}/`)).node === "i-0b");
  });
  afterEach(async () => {
    for (const socket of stuck.splice(0)) socket.destroy();
    await stopApp(0);
    await stopApp(1);
  });

  test("a request goes to the own application while that is there", async () => {
    expect(await ask(`${a.url}/`)).toMatchObject({ status: 200, node: "i-0a", body: "app a" });
    expect(await ask(`${a.url}/`, "POST")).toMatchObject({ status: 200, node: "i-0a", body: "app a" });
  });

  test("an application that is gone costs no client an error, whatever the method", async () => {
    await stopApp(0);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`${a.url}/`, index % 2 ? "POST" : "GET")));
    expect(new Set(answers.map(({ status, node, body }) => `${status} ${node} ${body}`))).toEqual(new Set(["200 i-0b app b"]));
  });

  test("told `peers`, the gate passes everything on, and its application gets nothing", async () => {
    await a.socket.tell("peers");
    const before = await a.socket.tell("status");
    expect(await ask(`${a.url}/`, "POST")).toMatchObject({ status: 200, node: "i-0b", body: "app b" });
    expect(await a.socket.tell("status")).toMatchObject({ mode: "peers", admitted: before.admitted, passed: before.passed + 1, inApp: 0 });
  });

  test("a request passed on goes no further than one hop", async () => {
    await Promise.all([a.socket.tell("peers"), b.socket.tell("peers")]);
    const answer = await ask(`${a.url}/`);
    expect(answer.status).toBe(503);
    expect(answer.headers["x-nplus1-closed"]).toBeUndefined();
  });

  test("the agent's own question reaches the own application alone, also while the gate passes on", async () => {
    await a.socket.tell("peers");
    const own = `http://${a.address}:${a.ports.hop}/`;
    expect(await ask(own, "GET", a.address)).toMatchObject({ status: 200, node: "i-0a", body: "app a" });
    expect((await ask(own, "GET", "127.0.0.9")).status).toBe(425);
  });

  test("requests in an application that hangs are repeated on a peer when it is ended, or end with 504", async () => {
    const inStuck = async () => (await a.socket.tell("status")).inApp === 2;
    const [safe, unsafe] = [ask(`${a.url}/stuck`), ask(`${a.url}/stuck`, "POST")];
    await reached("both requests to be in the application", inStuck);
    const before = await a.socket.tell("peers");
    await stopApp(1);
    await startAnswering();
    await stopApp(0);
    expect(await safe).toMatchObject({ status: 200, node: "i-0b", body: "app b answers" });
    expect((await unsafe).status).toBe(504);
    expect((await a.socket.tell("status")).brokenOff).toBe(before.brokenOff + 1);
  });

  test("a request that a hung application had ends with 504 also on a connection that was kept", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask(`${a.url}/`, "POST", undefined, agent)).status).toBe(200);
    const unsafe = ask(`${a.url}/stuck`, "POST", undefined, agent);
    await reached("the request to be in the application", async () => (await a.socket.tell("status")).inApp === 1);
    await a.socket.tell("peers");
    await stopApp(0);
    expect(await unsafe).toMatchObject({ status: 504, node: "i-0a" });
    expect((await ask(`${a.url}/`, "POST", undefined, agent)).status).toBe(200);
    agent.destroy();
  });

  test("internal paths are not served to peers", async () => {
    expect((await ask(`http://${a.address}:${a.ports.hop}/.nplus1/health`)).status).toBe(404);
  });

  test("peers that are forgotten get nothing more", async () => {
    await a.socket.meet([]);
    await stopApp(0);
    const asked = ask(`${a.url}/`);
    await pause(50);
    await startApp(0, "app a again");
    expect(await asked).toMatchObject({ status: 200, node: "i-0a", body: "app a again" });
  });

  async function startAnswering(): Promise<void> {
    apps[1] = await listen((_, response) => response.end("app b answers"), b.ports.app);
  }
});
