import { Agent, type IncomingHttpHeaders, request, type Server } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { close, listen, RunningGate } from "./running-gate";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function ask(url: string, options: { agent?: Agent; headers?: Record<string, string>; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body })).on("error", reject);
    });
    sent.on("error", reject).end();
  });
}

async function reached(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`waited 5000 ms for ${what}`);
    await pause(5);
  }
}

describe("the gate", () => {
  let gate: RunningGate;
  let app: Server | undefined;
  let seen: { url: string; headers: IncomingHttpHeaders }[];
  let inApp: number;

  const startApp = async () => {
    app = await listen((incoming, response) => {
      seen.push({ url: incoming.url ?? "", headers: incoming.headers });
      inApp += 1;
      const delayMs = Number(new URL(incoming.url ?? "", "http://app").searchParams.get("ms") ?? 0);
      response.on("close", () => {
        inApp -= 1;
      });
      setTimeout(() => response.setHeader("x-nplus1-node", "a lie").end("from the app"), delayMs);
    }, gate.ports.app);
  };

  beforeAll(async () => {
    gate = await RunningGate.start();
  });
  afterAll(() => gate.stop());
  beforeEach(async () => {
    seen = [];
    inApp = 0;
    await gate.socket.tell("open");
    await startApp();
  });
  afterEach(async () => {
    if (app !== undefined) await close(app);
    app = undefined;
  });

  test("names the node in every answer, and nobody else can", async () => {
    expect((await ask(`${gate.url}/`)).headers["x-nplus1-node"]).toBe("i-0test");
    expect((await ask(`${gate.url}/.nplus1/health`)).headers["x-nplus1-node"]).toBe("i-0test");
  });

  test("strips what only nplus1 may say, and leaves Host and X-Forwarded-For", async () => {
    const headers = {
      host: "shop.example",
      "x-forwarded-for": "198.51.100.7",
      "X-Nplus1-Release": "x",
      x_nplus1_hop: "y",
      "x-nplus10": "z",
    };
    await ask(`${gate.url}/a?b=c`, { headers });
    expect(seen[0]).toEqual({
      url: "/a?b=c",
      headers: { host: "shop.example", "x-forwarded-for": "198.51.100.7", "x-nplus10": "z", connection: "close" },
    });
  });

  test("passes internal paths to the agent alone, also while it holds", async () => {
    const agent = await listen((incoming, response) => response.writeHead(200).end(`agent: ${incoming.url}`), gate.ports.agent);
    await gate.socket.tell("hold");
    const answer = await ask(`${gate.url}/.nplus1/health`);
    await close(agent);
    expect(answer).toMatchObject({ status: 200, body: "agent: /.nplus1/health" });
    expect(seen).toEqual([]);
  });

  test("answers 503 in JSON when the agent is down, and goes on serving", async () => {
    const [health, page] = await Promise.all([ask(`${gate.url}/.nplus1/health`), ask(`${gate.url}/`)]);
    expect(health.status).toBe(503);
    expect(health.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(health.body)).toEqual({ state: "failed", reasons: ["the agent does not answer"] });
    expect(page).toMatchObject({ status: 200, body: "from the app" });
  });

  test("counts what is in flight, to the end of the response", async () => {
    const before = await gate.socket.tell("status");
    const slow = Promise.all(Array.from({ length: 7 }, () => ask(`${gate.url}/?ms=300`)));
    await reached("7 requests in the app", () => inApp === 7);
    expect(await gate.socket.tell("status")).toMatchObject({ mode: "open", inFlight: 7, inApp: 7, held: 0, admitted: before.admitted + 7 });
    await slow;
    expect((await gate.socket.tell("status")).inFlight).toBe(0);
  });

  test("loses no request over 40 holds under load, and the app sees none while drained", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const running = { load: true };
    let failed = 0;
    let done = 0;
    const client = async () => {
      while (running.load) {
        const { status } = await ask(`${gate.url}/?ms=3`, { agent });
        if (status === 200) done += 1;
        else failed += 1;
      }
    };
    const clients = Array.from({ length: 50 }, client);
    let seenWhileDrained = 0;
    for (let cycle = 0; cycle < 40; cycle += 1) {
      await gate.socket.tell("hold");
      await reached("the gate to drain", async () => (await gate.socket.tell("status")).inFlight === 0);
      const before = seen.length;
      expect(inApp).toBe(0);
      await pause(10);
      seenWhileDrained += seen.length - before;
      await gate.socket.tell("open");
      await pause(20);
    }
    running.load = false;
    await Promise.all(clients);
    agent.destroy();
    expect({ failed, seenWhileDrained }).toEqual({ failed: 0, seenWhileDrained: 0 });
    expect(done).toBeGreaterThan(40 * 50);
    expect(seen.length).toBe(done);
  }, 30_000);

  test("does not pass on a held request whose client has gone", async () => {
    await gate.socket.tell("hold");
    const socket = connect(gate.ports.gate, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await reached("the request to be held", async () => (await gate.socket.tell("status")).held === 1);
    socket.destroy();
    await reached("the gate to notice", async () => (await gate.socket.tell("status")).held === 0);
    await gate.socket.tell("open");
    await ask(`${gate.url}/next`);
    expect(seen.map(({ url }) => url)).toEqual(["/next"]);
  });

  test("refuses with 503 when it is told to, held requests too", async () => {
    await gate.socket.tell("hold");
    const held = ask(`${gate.url}/`);
    await reached("the request to be held", async () => (await gate.socket.tell("status")).held === 1);
    await gate.socket.tell("refuse");
    expect(await held).toMatchObject({ status: 503, body: "This node is closed.\n" });
    expect(await ask(`${gate.url}/`)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(seen).toEqual([]);
  });

  test("an application that restarts costs a request time, not an error", async () => {
    await close(app as Server);
    app = undefined;
    const waiting = ask(`${gate.url}/`, { method: "POST" });
    await pause(600);
    await startApp();
    expect(await waiting).toMatchObject({ status: 200, body: "from the app" });
  });

  test("repeats a safe request that the app broke off, and no other", async () => {
    await close(app as Server);
    let asked = 0;
    app = await listen((incoming, response) => {
      asked += 1;
      if (asked % 2 === 1) incoming.socket.destroy();
      else response.end("second time");
    }, gate.ports.app);
    expect(await ask(`${gate.url}/`)).toMatchObject({ status: 200, body: "second time" });
    // On a connection of its own: on one kept alive HAProxy just hangs up, as a server may between two requests.
    const agent = new Agent({ keepAlive: false });
    expect(await ask(`${gate.url}/`, { method: "POST", agent })).toMatchObject({
      status: 502,
      body: "The application broke off; whether it did what was asked is not known.\n",
    });
    expect(asked).toBe(3);
  });

  test("refuses oversized headers", async () => {
    expect((await ask(`${gate.url}/`, { headers: { "x-long": "a".repeat(20_000) } })).status).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x-${i}`, "a"]));
    expect((await ask(`${gate.url}/`, { headers: many })).status).toBe(400);
    expect(seen).toEqual([]);
  });

  test("hangs up on a client that dribbles its headers", async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(gate.ports.gate, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n"));
      const dribble = setInterval(() => socket.write("a"), 500);
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      socket
        .on("error", () => undefined)
        .on("close", () => {
          clearInterval(dribble);
          resolve(text);
        });
    });
    expect(answer).toMatch(/^HTTP\/1\.[01] 408 /);
    expect(seen).toEqual([]);
  }, 15_000);
});
