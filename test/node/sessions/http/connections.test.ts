import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { StoreAway, StoreFull } from "../../../../node/sessions/errors";
import type { Sessions } from "../../../../node/sessions/model";
import { openSessions } from "../../../../node/sessions/open";
import { type RedisServer, startRedis } from "../redis-server";
import { RunningDoor } from "./running-door";

const START_LIMIT_MS = 20_000;

describe("a connection to the sessions' HTTP interface", () => {
  let redis: RedisServer;
  let door: RunningDoor;

  beforeAll(async () => {
    redis = await startRedis();
    door = await RunningDoor.open({ url: redis.url });
    await door.sessions.ready();
  }, START_LIMIT_MS);
  afterAll(async () => {
    await door.close();
    await redis.stop();
  });

  /** Sends texts one after another, and resolves with all that came until `ended` holds or the connection ends. */
  async function talk(parts: readonly string[], ended: (got: string) => boolean): Promise<string> {
    const socket = connect(door.port, "127.0.0.1");
    let got = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      got += text;
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    for (const part of parts) {
      socket.write(part);
      await pause(20);
    }
    const deadline = performance.now() + 5000;
    while (!ended(got) && !socket.destroyed && performance.now() < deadline) await pause(5);
    socket.destroy();
    await closed;
    return got;
  }
  const host = () => `Host: 127.0.0.1:${door.port}\r\n`;
  const put = (id: string, more: string) => `PUT /sessions/${id} HTTP/1.1\r\n${host()}Content-Type: application/json\r\n${more}\r\n\r\n`;
  const answers = (got: string) => [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

  test("serves one request after another, refused ones too", async () => {
    const get = `GET /sessions/x HTTP/1.1\r\n${host()}\r\n`;
    const patch = `PATCH /sessions/x HTTP/1.1\r\n${host()}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello`;
    const got = await talk([get, `${put("x", "Content-Length: 7")}{"a":1}`, patch, get], (text) => answers(text).length === 4);
    expect(answers(got)).toEqual([404, 201, 415, 200]);
  });

  test("takes a body in pieces, of no length said before", async () => {
    const got = await talk(
      [put("pieces", "Transfer-Encoding: chunked"), '3\r\n{"a\r\n', '4\r\n":1}\r\n', "0\r\n\r\n"],
      (text) => answers(text).length === 1,
    );
    expect(answers(got)).toEqual([201]);
    expect(got).toContain('{"a":1}');
  });

  test("is told before it sends a body that is too long", async () => {
    const got = await talk([put("long", "Content-Length: 200000\r\nExpect: 100-continue")], (text) => text.includes("body-too-large"));
    expect(answers(got)).toEqual([413]);
    const short = await talk([put("short", "Content-Length: 2\r\nExpect: 100-continue"), "{}"], (text) => answers(text).length === 2);
    expect(answers(short)).toEqual([100, 201]);
  });

  test("that sends without an end is cut off at the limit, and can read why", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const got = await talk([put("endless", "Transfer-Encoding: chunked"), ...Array.from({ length: 8 }, () => chunk)], () => false);
    expect(answers(got)).toEqual([413]);
    expect(got).toMatch(/Connection: close/);
  });

  test("that breaks off changes nothing", async () => {
    await talk([put("broken", "Content-Length: 100"), '{"a":'], () => true);
    await talk([put("broken", "Transfer-Encoding: chunked"), '7\r\n{"a":1}\r\n'], () => true);
    await pause(50);
    expect((await door.ask("GET", "/sessions/broken")).status).toBe(404);
    expect(door.faults).toEqual([]);
  });

  test("with a body that does not come is answered 408", async () => {
    const got = await talk([put("slow", "Content-Length: 7"), '{"a"'], (text) => text.includes("slow-body"));
    expect(answers(got)).toEqual([408]);
  });
});

describe("while the store is away", () => {
  test("requests are refused within the limit and worth repeating; what is known to be current is served", async () => {
    const redis = await startRedis();
    const door = await RunningDoor.open({ url: redis.url, storeTimeoutMs: 300 });
    await door.sessions.ready();
    const { headers } = await door.ask("PUT", "/sessions/x", { body: { a: 1 } });
    await redis.stop();
    const from = performance.now();
    const patch = await door.ask("PATCH", "/sessions/x", { body: { a: 2 } });
    expect(patch.json).toMatchObject({ status: 503, code: "store-away", waitedMs: 300 });
    expect(patch.headers["retry-after"]).toBe("1");
    expect((await door.ask("GET", "/sessions/x")).status).toBe(503);
    expect((await door.ask("POST", "/sessions")).status).toBe(503);
    expect(performance.now() - from).toBeLessThan(2000);
    const carried = { headers: { "session-version": String(headers["session-version"]) } };
    expect((await door.ask("GET", "/sessions/x", carried)).json).toEqual({ a: 1 });
    await door.close();
  });

  test.each([
    [new StoreFull(), 507, "store-full"],
    [new StoreAway(2000, "gone"), 503, "store-away"],
    [new Error("a secret"), 500, "internal-error"],
  ])("%p is answered %i", async (error, status, code) => {
    const core = openSessions({ url: "redis://127.0.0.1:1" });
    const failing = Object.create(core, {
      read: { value: async () => Promise.reject(error) },
      newest: { value: () => undefined },
      close: { value: () => core.close() },
    });
    const door = await RunningDoor.open({ url: "" }, failing as Sessions);
    const answer = await door.ask("GET", "/sessions/x");
    expect(answer.json).toMatchObject({ status, code });
    expect(answer.text).not.toContain("a secret");
    expect(door.faults).toEqual(status === 500 ? [error] : []);
    await door.close();
  });
});
