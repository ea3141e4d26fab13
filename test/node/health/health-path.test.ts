import { setTimeout as pause } from "node:timers/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { askHealthPath } from "../../../node/health/ask-health-path";
import { isFault } from "../../../node/health/evidence";
import { HealthPath } from "../../../node/health/health-path";

describe("the health path", () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let asked: number;
  let probe: HealthPath;

  beforeEach(async () => {
    asked = 0;
    answer = (response) => void response.end("fine");
    server = createServer((_, response) => {
      asked += 1;
      answer(response);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
    probe = new HealthPath({ ask: () => askHealthPath(url, "127.0.0.1"), path: "/health", timeoutMs: 1000, clock: () => performance.now() });
  });
  afterEach(() => {
    probe.forget();
    server.closeAllConnections();
    server.close();
  });

  /** As the watch does: a look each 250 ms. */
  async function looks(count: number) {
    const found = [];
    for (let i = 0; i < count; i += 1) {
      const next = pause(250);
      found.push(await probe.look());
      await next;
    }
    return found;
  }

  test("is well when it answers 2xx or 3xx", async () => {
    expect(await probe.look()).toEqual({ probe: "health path", level: "ok" });
    answer = (response) => void response.writeHead(302, { location: "/elsewhere" }).end();
    expect(await probe.look()).toEqual({ probe: "health path", level: "ok" });
  });

  test("a hang is doubted, then certain after 800 ms, while it lasts and never before", async () => {
    await probe.look();
    answer = () => undefined;
    const from = performance.now();
    let certainMs = 0;
    const levels = [];
    while (certainMs === 0) {
      const next = pause(250);
      const { level } = await probe.look();
      levels.push(level);
      if (level === "fatal") certainMs = performance.now() - from;
      else await next;
    }
    expect(levels[0]).toBe("waiting");
    expect(levels).toContain("bad");
    expect(certainMs).toBeGreaterThanOrEqual(800);
    expect(certainMs).toBeLessThan(1100);
    const [later] = await looks(1);
    expect(later).toMatchObject({ level: "fatal", cause: "no-answer" });
    // Never more than two questions are open.
    expect(asked).toBe(3);
  });

  test("a hang that lasts is asked anew, and one that ends is over at once", async () => {
    answer = () => undefined;
    await looks(7);
    expect(asked).toBeGreaterThan(2);
    answer = (response) => void response.end("fine");
    const found = await looks(6);
    expect(found.at(-1)).toMatchObject({ level: "ok" });
  });

  test("three wrong answers in a row are certain, one is a doubt", async () => {
    answer = (response) => void response.writeHead(500).end();
    expect((await looks(4)).map(({ level }) => level)).toEqual(["bad", "bad", "fatal", "fatal"]);
    answer = (response) => void response.end("fine");
    expect((await looks(3)).at(-1)).toMatchObject({ level: "ok" });
    answer = (response) => void response.writeHead(503).end();
    expect((await looks(2))[0]).toMatchObject({ level: "bad", cause: "wrong-answer", reason: "the health path /health answered 503" });
  });

  test.each([
    ["a header", (response: ServerResponse) => void response.writeHead(503, { "x-nplus1-dependency": "payments" }).end()],
    ["its JSON", (response: ServerResponse) => void response.writeHead(500).end('{"ok":false,"dependency":"payments"}')],
  ])("names what the application misses by %s, and never is certain that the node is ill", async (_, say) => {
    answer = say;
    const found = await looks(5);
    expect(found.every(({ level }) => level === "bad")).toBe(true);
    expect(found.at(-1)).toMatchObject({ cause: "dependency", dependency: "payments" });
    expect(found.flatMap((one) => (isFault(one) ? one.reason : []))[0]).toMatch(/^the health path \/health answered 50\d and misses payments$/);
  });

  test.each(['{"dependency":5}', '{"dependency":"a\\u0000b"}', "no JSON", "null", `{"dependency":"${"x".repeat(100)}"}`])(
    "does not take %s for a name",
    async (body) => {
      answer = (response) => void response.writeHead(500).end(body);
      expect(await probe.look()).toMatchObject({ cause: "wrong-answer" });
    },
  );

  test("after a restart nothing is known until it answers", async () => {
    answer = (response) => void response.writeHead(500).end();
    await looks(3);
    probe.forget();
    answer = () => undefined;
    expect((await looks(1)).map(({ level }) => level)).toEqual(["waiting"]);
  });
});
