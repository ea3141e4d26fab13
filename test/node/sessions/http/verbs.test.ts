import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "redis";
import { type RedisServer, startRedis } from "../redis-server";
import { RunningDoor } from "./running-door";

const START_LIMIT_MS = 20_000;

describe("sessions by HTTP", () => {
  let redis: RedisServer;
  let door: RunningDoor;
  let other: RunningDoor;
  let id: string;
  let path: string;
  let made = 0;

  beforeAll(async () => {
    redis = await startRedis();
    [door, other] = await Promise.all([RunningDoor.open({ url: redis.url }), RunningDoor.open({ url: redis.url })]);
    await Promise.all([door.sessions.ready(), other.sessions.ready()]);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await door.close();
    await other.close();
    await redis.stop();
    expect([...door.faults, ...other.faults]).toEqual([]);
  });
  beforeEach(() => {
    made += 1;
    id = `s${made}`;
    path = `/sessions/${id}`;
  });

  describe("POST /sessions", () => {
    test("makes a session with an id that nobody can guess", async () => {
      const { status, headers, json } = await door.ask("POST", "/sessions", { body: { name: "Ada" } });
      expect(status).toBe(201);
      expect(json).toEqual({ name: "Ada" });
      expect(headers.location).toMatch(/^\/sessions\/[\w-]{32}$/);
      expect(headers.etag).toMatch(/^"\d+\.[\w-]+"$/);
      expect(headers["session-version"]).toMatch(/^\d+\.[\w-]+\.[\w-]{22}$/);
      expect([headers["session-lifetime-ms"], headers["session-ends-in-ms"], headers["cache-control"]]).toEqual(["86400000", "86400000", "no-store"]);
      expect((await other.ask("GET", headers.location ?? "")).json).toEqual({ name: "Ada" });
    });

    test("needs no body", async () => {
      const { status, json, headers } = await door.ask("POST", "/sessions", { headers: { "session-lifetime-ms": "5000" } });
      expect([status, json, headers["session-lifetime-ms"]]).toEqual([201, {}, "5000"]);
    });
  });

  describe("GET", () => {
    test("gives the session, and without its body to HEAD", async () => {
      await door.ask("PUT", path, { body: { name: "Žofie", n: [1, { deep: true }] } });
      const get = await door.ask("GET", path);
      const head = await door.ask("HEAD", path);
      expect([get.status, get.json]).toEqual([200, { name: "Žofie", n: [1, { deep: true }] }]);
      expect(get.headers["content-length"]).toBe(String(Buffer.byteLength(get.text)));
      expect([head.status, head.text]).toEqual([200, ""]);
      for (const name of ["content-length", "content-type", "etag", "session-version", "session-lifetime-ms"]) {
        expect(head.headers[name]).toBe(get.headers[name]);
      }
    });

    test("gives numbers back as they were sent", async () => {
      await door.ask("PUT", path, { body: '{ "a": 1.0, "b": 1E3, "c": -0.0 }' });
      expect((await other.ask("GET", path)).text).toBe('{"a":1.0,"b":1E3,"c":-0.0}');
    });

    test("says 304 to whoever has this version", async () => {
      const { headers } = await door.ask("PUT", path, { body: { a: 1 } });
      const same = await door.ask("GET", path, { headers: { "if-none-match": `"0.x", W/${headers.etag}` } });
      expect([same.status, same.text, same.headers.etag]).toEqual([304, "", headers.etag]);
      await other.ask("PATCH", path, { body: { a: 2 } });
      expect((await door.ask("GET", path, { headers: { "if-none-match": headers.etag ?? "" } })).json).toEqual({ a: 2 });
      expect((await door.ask("GET", path, { headers: { "if-match": headers.etag ?? "" } })).status).toBe(412);
    });

    test("costs the store nothing when the version is carried, and one check when it is not", async () => {
      const { headers } = await door.ask("PUT", path, { body: { a: 1 } });
      const carried = { "session-version": String(headers["session-version"]) };
      const client = await createClient({ url: redis.url }).connect();
      const scripts = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info("commandstats"))?.[1] ?? 0);
      const before = await scripts();
      for (let i = 0; i < 100; i += 1) expect((await door.ask("GET", path, { headers: carried })).json).toEqual({ a: 1 });
      expect((await scripts()) - before).toBe(0);
      for (let i = 0; i < 10; i += 1) await door.ask("GET", path);
      await door.ask("GET", path, { headers: { "session-version": `${carried["session-version"].slice(0, -1)}~` } });
      expect((await scripts()) - before).toBe(11);
      client.destroy();
    });

    test("is never older than what is carried", async () => {
      await door.ask("PUT", path, { body: { n: 0 } });
      for (let n = 1; n <= 50; n += 1) {
        const [writer, reader] = n % 2 === 0 ? [door, other] : [other, door];
        const { headers } = await writer.ask("PATCH", path, { body: { n } });
        expect((await reader.ask("GET", path, { headers: { "session-version": String(headers["session-version"]) } })).json).toEqual({ n });
      }
    });

    test("prolongs the session's life, and HEAD does not", async () => {
      await door.ask("PUT", path, { body: {}, headers: { "session-lifetime-ms": "1000" } });
      for (let i = 0; i < 4; i += 1) {
        await pause(400);
        expect((await door.ask("GET", path)).headers["session-ends-in-ms"]).toBe("1000");
      }
      await pause(400);
      const { status, headers } = await other.ask("HEAD", path);
      expect(status).toBe(200);
      expect(Number(headers["session-ends-in-ms"])).toBeLessThan(800);
      await pause(800);
      expect((await door.ask("GET", path)).status).toBe(404);
    });
  });

  describe("PUT", () => {
    test("makes and replaces", async () => {
      const first = await door.ask("PUT", path, { body: { a: 1, b: 2 } });
      const second = await other.ask("PUT", path, { body: { b: 3, c: null } });
      expect([first.status, first.headers.location, second.status, second.headers.location]).toEqual([201, path, 200, undefined]);
      expect((await door.ask("GET", path)).json).toEqual({ b: 3, c: null });
    });

    test("with the same content changes no version, with another lifetime it does", async () => {
      const first = await door.ask("PUT", path, { body: { a: 1 } });
      const same = await door.ask("PUT", path, { body: { a: 1 } });
      expect([same.status, same.headers.etag]).toEqual([200, first.headers.etag]);
      const longer = await door.ask("PATCH", path, { body: {}, headers: { "session-lifetime-ms": "60000" } });
      expect([longer.status, longer.json, longer.headers["session-lifetime-ms"]]).toEqual([200, { a: 1 }, "60000"]);
      const { headers } = await other.ask("GET", path);
      expect([headers["session-lifetime-ms"], headers.etag]).toEqual(["60000", longer.headers.etag]);
      expect(headers.etag).not.toBe(first.headers.etag);
    });

    test("with If-Match changes only the version it names", async () => {
      const { headers } = await door.ask("PUT", path, { body: { a: 1 } });
      const won = await other.ask("PUT", path, { body: { a: 2 }, headers: { "if-match": headers.etag ?? "" } });
      const lost = await door.ask("PUT", path, { body: { a: 3 }, headers: { "if-match": headers.etag ?? "" } });
      expect([won.status, lost.status, lost.json.code, lost.headers.etag]).toEqual([200, 412, "version-conflict", won.headers.etag]);
      expect((await door.ask("PUT", path, { body: { a: 4 }, headers: { "if-match": "*" } })).status).toBe(200);
      expect((await door.ask("PUT", path, { body: { a: 5 }, headers: { "if-match": `W/${won.headers.etag}` } })).status).toBe(412);
      expect((await door.ask("GET", path)).json).toEqual({ a: 4 });
      expect((await door.ask("PUT", "/sessions/none", { body: {}, headers: { "if-match": "*" } })).json).toMatchObject({
        status: 412,
        code: "no-such-session",
      });
    });

    test("with If-None-Match: * only makes", async () => {
      const make = () => door.ask("PUT", path, { body: { a: 1 }, headers: { "if-none-match": "*" } });
      expect((await make()).status).toBe(201);
      expect((await make()).json).toMatchObject({ status: 412, code: "session-exists" });
    });

    test("does not bring back what was destroyed after it was seen", async () => {
      const { headers } = await door.ask("PUT", path, { body: { a: 1 } });
      expect((await other.ask("DELETE", path)).status).toBe(204);
      const late = { body: { a: 2 }, headers: { "session-version": String(headers["session-version"]) } };
      expect((await door.ask("PUT", path, late)).json).toMatchObject({ status: 410, code: "session-gone" });
      expect((await door.ask("PATCH", path, late)).json).toMatchObject({ status: 410, code: "session-gone" });
      expect((await door.ask("GET", path)).status).toBe(404);
      expect((await door.ask("PUT", path, { body: { a: 3 } })).status).toBe(201);
    });
  });

  describe("PATCH", () => {
    test("is a JSON merge patch", async () => {
      await door.ask("PUT", path, { body: { a: 1, b: { c: 1, d: [1, 2] }, e: 5 } });
      const patch = '{"a":null,"b":{"c":null,"d":[3],"f":{"g":null}},"x":null,"__proto__":{"y":1}}';
      const { status, text } = await other.ask("PATCH", path, {
        body: patch,
        headers: { "content-type": "application/merge-patch+json; charset=UTF-8" },
      });
      expect(status).toBe(200);
      expect(text).toBe('{"b":{"d":[3],"f":{}},"e":5,"__proto__":{"y":1}}');
    });

    test("loses nothing to others that come at the same time, also within one object", async () => {
      await door.ask("PUT", path, { body: { cart: {} } });
      const patches = Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? door : other).ask("PATCH", path, { body: { cart: { [`p${i}`]: i }, [`k${i}`]: i } }),
      );
      expect(new Set((await Promise.all(patches)).map(({ status }) => status))).toEqual(new Set([200]));
      const { json } = await door.ask("GET", path);
      expect(Object.keys(json.cart)).toHaveLength(100);
      expect(Object.keys(json)).toHaveLength(101);
    });

    test("with If-Match counts without a loss", async () => {
      await door.ask("PUT", path, { body: { n: 0 } });
      const increment = async (at: RunningDoor): Promise<void> => {
        const { json, headers } = await at.ask("GET", path);
        const { status } = await at.ask("PATCH", path, { body: { n: json.n + 1 }, headers: { "if-match": headers.etag ?? "" } });
        if (status === 412) return increment(at);
        expect(status).toBe(200);
      };
      await Promise.all(Array.from({ length: 20 }, (_, i) => increment(i % 2 === 0 ? door : other)));
      expect((await door.ask("GET", path)).json).toEqual({ n: 20 });
    });

    test("needs a session", async () => {
      expect((await door.ask("PATCH", path, { body: { a: 1 } })).json).toMatchObject({ status: 404, code: "no-such-session" });
      expect((await door.ask("GET", path)).status).toBe(404);
    });
  });

  describe("DELETE", () => {
    test("destroys once", async () => {
      await door.ask("PUT", path, { body: { a: 1 } });
      const { status, text, headers } = await other.ask("DELETE", path);
      expect([status, text, headers["content-length"]]).toEqual([204, "", undefined]);
      expect((await door.ask("DELETE", path)).status).toBe(404);
      expect((await door.ask("GET", path)).json).toMatchObject({ status: 404, code: "no-such-session" });
    });

    test("with If-Match destroys only the version it names", async () => {
      const { headers } = await door.ask("PUT", path, { body: { a: 1 } });
      await other.ask("PATCH", path, { body: { a: 2 } });
      expect((await door.ask("DELETE", path, { headers: { "if-match": headers.etag ?? "" } })).json.code).toBe("version-conflict");
      expect((await door.ask("DELETE", path, { headers: { "if-match": "*" } })).status).toBe(204);
    });
  });

  describe("POST /sessions/{id}/regenerate", () => {
    test("moves the content to a new id and ends the old one", async () => {
      await door.ask("PUT", path, { body: { a: 1, b: [2] }, headers: { "session-lifetime-ms": "77000" } });
      const { status, headers, json } = await other.ask("POST", `${path}/regenerate`);
      expect([status, json, headers["session-lifetime-ms"]]).toEqual([201, { a: 1, b: [2] }, "77000"]);
      expect(headers.location).toMatch(/^\/sessions\/[\w-]{32}$/);
      expect((await door.ask("GET", headers.location ?? "")).json).toEqual({ a: 1, b: [2] });
      expect((await door.ask("GET", path)).status).toBe(404);
      expect((await door.ask("POST", `${path}/regenerate`)).status).toBe(404);
    });

    test("takes along what is modified meanwhile", async () => {
      await door.ask("PUT", path, { body: {} });
      const patches = Array.from({ length: 20 }, (_, i) => door.ask("PATCH", path, { body: { [`k${i}`]: i } }));
      const [moved, ...answers] = await Promise.all([other.ask("POST", `${path}/regenerate`), ...patches]);
      const stored = answers.map(({ status }, i) => (status === 200 ? `k${i}` : undefined)).filter((key) => key !== undefined);
      const { json } = await door.ask("GET", moved.headers.location ?? "");
      expect(Object.keys(json).sort()).toEqual(stored.sort());
    });
  });
});
