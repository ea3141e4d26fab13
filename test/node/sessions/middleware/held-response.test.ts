import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Express } from "express";
import { gate, RunningProgram } from "./running-program";

let program: RunningProgram;
const start = async (routes: (app: Express) => void, options = {}): Promise<void> => {
  program = await RunningProgram.start(routes, options);
};
afterEach(() => program.stop());

/** Runs a route while the store takes its time; what the client has seen until then, and what it gets in the end. */
async function whileStoring(path: string, method = "GET"): Promise<{ early: boolean; answer: Awaited<ReturnType<RunningProgram["get"]>> }> {
  const { opened, open } = gate();
  program.sessions.gate = opened;
  let isAnswered = false;
  const asked = program.get(path, {}, method).finally(() => (isAnswered = true));
  while (program.sessions.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  const early = isAnswered;
  open();
  return { early, answer: await asked };
}

const routes: Record<string, (req: any, res: any) => unknown> = {
  "/send": (_req, res) => res.send("sent"),
  "/json": (_req, res) => res.status(201).json({ a: 1 }),
  "/redirect": (_req, res) => res.redirect("/there"),
  "/nothing": (_req, res) => res.status(204).end(),
  "/head-first": (_req, res) => {
    res.writeHead(203, "Fine", { "X-Own": "1", "Set-Cookie": ["own=1"] });
    res.write("a");
    res.end("b");
  },
  "/pairs": (_req, res) => res.writeHead(200, ["X-Own", "1", "Set-Cookie", "own=1", "Set-Cookie", "two=2"]).end("pairs"),
  "/list": (_req, res) => res.writeHead(200, ["X-Own", "1", "Set-Cookie", ["own=1", "two=2"]]).end("list"),
  "/flush": (_req, res) => {
    res.flushHeaders();
    res.end("flushed");
  },
  "/pieces": (_req, res) => {
    res.setHeader("Content-Length", "5");
    res.write(Buffer.from("61", "hex"));
    res.write("62", "hex");
    res.end("cde");
  },
};

const change = (app: Express): void => {
  for (const [path, respond] of Object.entries(routes)) {
    app.all(path, (req: any, res) => {
      req.session.changed = true;
      return respond(req, res);
    });
  }
};

test.each([
  ["/send", "GET", 200, "sent", { "content-length": "4" }],
  ["/send", "HEAD", 200, "", { "content-length": "4" }],
  ["/json", "GET", 201, '{"a":1}', { "content-type": "application/json; charset=utf-8" }],
  ["/redirect", "GET", 302, "Found. Redirecting to /there", { location: "/there" }],
  ["/nothing", "GET", 204, "", {}],
  ["/head-first", "GET", 203, "ab", { "x-own": "1", "transfer-encoding": "chunked" }],
  ["/pairs", "GET", 200, "pairs", { "x-own": "1" }],
  ["/flush", "GET", 200, "flushed", { "transfer-encoding": "chunked" }],
  ["/pieces", "GET", 200, "abcde", { "content-length": "5" }],
])("%s %s leaves when the session is stored, and then as the program wrote it", async (path, method, status, text, headers) => {
  await start(change);
  const { early, answer } = await whileStoring(path, method);
  expect(early).toBe(false);
  expect([answer.status, answer.text]).toEqual([status, text]);
  expect(answer.headers).toMatchObject(headers);
  expect(answer.cookies.map((cookie) => cookie.split("=")[0]).filter((name) => name?.startsWith("connect"))).toEqual([
    "connect.sid",
    "connect.sid.v",
  ]);
});

test("cookies that the program gives to writeHead stay beside the session's", async () => {
  await start(change);
  expect((await program.get("/head-first")).cookies[0]).toBe("own=1");
  for (const path of ["/pairs", "/list"]) {
    program.jar.clear();
    const { cookies } = await program.get(path);
    expect([cookies.length, ...cookies.slice(0, 2)]).toEqual([4, "own=1", "two=2"]);
  }
});

test("a response that is not modified is answered 304 and has the session's cookie", async () => {
  await start(change);
  const { etag } = (await program.get("/send")).headers;
  program.jar.clear();
  const answer = await program.get("/send", { "if-none-match": String(etag) });
  expect([answer.status, answer.text, answer.cookies.length]).toEqual([304, "", 2]);
});

test("while a response is held it looks sent: headers are refused, it is ended once", async () => {
  const seen: unknown[] = [];
  await start((app) => {
    app.get("/", (req: any, res) => {
      req.session.a = 1;
      res.setHeader("X-Before", "1");
      seen.push(res.end("once") === res, res.headersSent, res.writableEnded);
      for (const act of [() => res.setHeader("X-After", "1"), () => res.writeHead(500), () => res.removeHeader("X-Before")]) {
        expect(act).toThrow(
          expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT", message: "Cannot set headers after they are sent to the client" }),
        );
      }
      res.end();
    });
  });
  const answer = await program.get("/");
  expect(seen).toEqual([true, true, true]);
  expect([answer.text, answer.headers["x-before"], answer.headers["x-after"]]).toEqual(["once", "1", undefined]);
});

test("a stream waits while the response is held, and nothing of it is lost or turned round", async () => {
  const chunks = Array.from({ length: 50 }, (_, i) => String(i).padStart(20_000, "."));
  let pulled = 0;
  let pulledWhileHeld = -1;
  await start((app) => {
    app.get("/", async (req: any, res) => {
      req.session.a = 1;
      const { opened, open } = gate();
      program.sessions.gate = opened;
      const counted = function* (): Generator<string> {
        for (const chunk of chunks) {
          pulled += 1;
          yield chunk;
        }
      };
      const source = Readable.from(counted(), { highWaterMark: 1 });
      const sent = pipeline(source, res);
      setTimeout(() => {
        pulledWhileHeld = pulled;
        open();
      }, 20);
      await sent;
    });
  });
  expect((await program.get("/")).text).toBe(chunks.join(""));
  expect(pulledWhileHeld).toBeLessThan(5);
});

test("the callbacks of writes are called, in order, after the store has the change", async () => {
  const order: string[] = [];
  await start((app) => {
    app.get("/", (req: any, res) => {
      req.session.a = 1;
      expect(res.write("a", () => order.push("a"))).toBe(false);
      expect(res.writableNeedDrain).toBe(true);
      res.write("b", "utf8", () => order.push("b"));
      res.on("drain", () => order.push("drain"));
      setTimeout(() => res.end("c", () => order.push("end")), 20);
      void program.sessions.gate?.then(() => order.push("stored"));
    });
  });
  const { answer } = await whileStoring("/");
  expect(answer.text).toBe("abc");
  expect(order).toEqual(["stored", "drain", "a", "b", "end"]);
});

test("what is changed after the head left is stored before the response ends", async () => {
  const states: unknown[] = [];
  await start((app) => {
    app.get("/", (req: any, res) => {
      req.session.first = { n: 1 };
      res.write("head ");
      res.once("drain", () => {
        states.push(program.sessions.data(program.id));
        req.session.first.n = 2;
        res.end("tail");
      });
    });
  });
  const answer = await program.get("/");
  states.push(program.sessions.data(program.id));
  expect(answer.text).toBe("head tail");
  expect(states).toEqual([{ first: { n: 1 } }, { first: { n: 2 } }]);
  expect(program.sessions.commands).toEqual(["create", "merge"]);
});

test("a client that leaves while the response is held costs nothing but its answer", async () => {
  const left = new EventEmitter();
  await start((app) => {
    app.get("/", (req: any, res) => {
      req.session.a = 1;
      res.on("close", () => left.emit("closed"));
      res.write("x");
      res.end("y", () => undefined);
    });
    app.get("/alive", (_req, res) => res.send("alive"));
  });
  const { opened, open } = gate();
  program.sessions.gate = opened;
  const socket = connect(program.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (program.sessions.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const closed = once(left, "closed");
  socket.destroy();
  await closed;
  open();
  expect((await program.get("/alive")).text).toBe("alive");
  expect(program.sessions.data(program.id)).toEqual({ a: 1 });
});

test("requests that a client sends without waiting are answered in their order", async () => {
  await start((app) => {
    app.get("/change", (req: any, res) => {
      req.session.a = 1;
      res.send("first");
    });
    app.get("/plain", (_req, res) => res.send("second"));
  });
  const { opened, open } = gate();
  program.sessions.gate = opened;
  const socket = connect(program.port, "127.0.0.1");
  socket.write("GET /change HTTP/1.1\r\nHost: x\r\n\r\nGET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  while (program.sessions.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
  open();
  await once(socket, "close");
  expect(text.indexOf("first")).toBeGreaterThan(0);
  expect(text.indexOf("second")).toBeGreaterThan(text.indexOf("first"));
});

test("others' wrappers around the response stay in use, whether made before or after", async () => {
  const seen: string[] = [];
  const wrap = (name: string) => (_req: unknown, res: any, next: () => void) => {
    const { writeHead, end } = res;
    res.writeHead = (...args: unknown[]) => (seen.push(`${name} head`), res.setHeader(`X-${name}`, "1"), writeHead.apply(res, args));
    res.end = (...args: unknown[]) => (seen.push(`${name} end`), end.apply(res, args));
    next();
  };
  await start((app) => {
    app.use(wrap("After"));
    change(app);
  });
  const answer = await program.get("/send");
  expect([answer.headers["x-after"], answer.text, answer.cookies.length]).toEqual(["1", "sent", 2]);
  expect(seen).toEqual(["After end", "After head"]);
});
