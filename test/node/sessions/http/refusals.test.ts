import { type RedisServer, startRedis } from "../redis-server";
import { RunningDoor } from "./running-door";

const KIB = 1024;
const START_LIMIT_MS = 20_000;

describe("the sessions' HTTP interface refuses", () => {
  let redis: RedisServer;
  let door: RunningDoor;

  beforeAll(async () => {
    redis = await startRedis();
    door = await RunningDoor.open({ url: redis.url });
    await door.sessions.ready();
    await door.ask("PUT", "/sessions/kept", { body: { kept: true } });
  }, START_LIMIT_MS);
  afterAll(async () => {
    const kept = await door.ask("GET", "/sessions/kept");
    const ids = await door.sessions.ids();
    await door.close();
    await redis.stop();
    expect([kept.json, ids, door.faults]).toEqual([{ kept: true }, ["kept"], []]);
  });

  test.each([
    ["PUT", '{"a":1,}', 400, "malformed-json", { line: 1, column: 8 }],
    ["PUT", "", 400, "no-body", {}],
    ["PATCH", "[1]", 400, "not-an-object", {}],
    ["POST", '{"a":1,"a":2}', 400, "duplicate-key", { line: 1, column: 8 }],
    ["PATCH", '{"id":12345678901234567890}', 400, "inexact-number", { line: 1, column: 7 }],
    ["PUT", `{"a":${"[".repeat(200)}${"]".repeat(200)}}`, 400, "too-deep", {}],
    ["PUT", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, "malformed-json", {}],
    ["PATCH", JSON.stringify({ a: "x".repeat(64 * KIB) }), 413, "session-too-large", { limitBytes: 64 * KIB }],
    ["PUT", JSON.stringify({ a: "x".repeat(64 * KIB) }), 413, "session-too-large", { bytes: 64 * KIB + 3, limitBytes: 64 * KIB }],
    ["PUT", JSON.stringify({ a: "x".repeat(300 * KIB) }), 413, "body-too-large", { limitBytes: 128 * KIB }],
  ] as const)("%s with the body %.40s", async (method, body, status, code, extra) => {
    const path = method === "POST" ? "/sessions" : "/sessions/kept";
    const answer = await door.ask(method, path, { body });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(answer.json).toMatchObject({
      type: `urn:nplus1:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      ...extra,
    });
    expect(answer.status).toBe(status);
  });

  test.each([
    ["text/plain", {}, 'Content-Type: must be application/merge-patch+json or application/json, in UTF-8, got "text/plain"'],
    ["application/x-www-form-urlencoded", {}, "Content-Type: must be application/merge-patch+json"],
    ["application/json; charset=latin1", {}, "Content-Type: must be application/merge-patch+json"],
    ["application/json", { "content-encoding": "gzip" }, 'Content-Encoding: must be identity, got "gzip"'],
  ])("a body of the type %s with %j", async (type, headers, detail) => {
    const answer = await door.ask("PATCH", "/sessions/kept", { body: "{}", headers: { "content-type": type, ...headers } });
    expect(answer.json).toMatchObject({ status: 415, code: "unsupported-media-type", detail: expect.stringContaining(detail) });
    expect(answer.headers["accept-patch"]).toBe("application/merge-patch+json, application/json");
  });

  test.each([
    ["/sessions/kept", "POST", "GET, HEAD, PUT, PATCH, DELETE"],
    ["/sessions/kept", "OPTIONS", "GET, HEAD, PUT, PATCH, DELETE"],
    ["/sessions/kept", "TRACE", "GET, HEAD, PUT, PATCH, DELETE"],
    ["/sessions", "GET", "POST"],
    ["/sessions", "DELETE", "POST"],
    ["/sessions/kept/regenerate", "GET", "POST"],
  ])("at %s the method %s", async (path, method, allow) => {
    const answer = await door.ask(method, path);
    expect([answer.status, answer.headers.allow, answer.json.code]).toEqual([405, allow, "method-not-allowed"]);
  });

  test.each([
    "/",
    "/sessions/",
    "/sessions?all",
    "/sessions/kept?x=1",
    "/sessions/kept/",
    "/sessions/kept/regenerate/x",
    "/sessions/a/b",
    "//sessions/kept",
    "/x/../sessions/kept",
    "/.nplus1/../sessions/kept",
    "/%73essions/kept",
    "/sessions#x",
  ])("the path %s", async (path) => expect((await door.ask("GET", path)).json).toMatchObject({ status: 404, code: "no-such-path" }));

  test.each(["a%20b", "%00", "%0d%0aSet-Cookie:x", "%C3%BC", "%", "%zz", "%ff", "%F0%9F%98%80", "x".repeat(129), `${"%41".repeat(129)}`])(
    "the id %.30s",
    async (id) => {
      for (const method of ["GET", "PUT", "DELETE"]) {
        expect((await door.ask(method, `/sessions/${id}`, method === "PUT" ? { body: {} } : {})).json).toMatchObject({
          status: 400,
          code: "invalid-session-id",
        });
      }
    },
  );

  test.each([
    ["if-match", "7.a-1", "invalid-condition"],
    ["if-match", "", "invalid-condition"],
    ["if-none-match", '"a" "b"', "invalid-condition"],
    ["if-match", '"a', "invalid-condition"],
    ["session-lifetime-ms", "999", "invalid-lifetime"],
    ["session-lifetime-ms", "31536000001", "invalid-lifetime"],
    ["session-lifetime-ms", "1e6", "invalid-lifetime"],
    ["session-lifetime-ms", "-5000", "invalid-lifetime"],
  ])("the header %s: %s", async (name, value, code) => {
    const answer = await door.ask("PATCH", "/sessions/kept", { body: { kept: false }, headers: { [name]: value } });
    expect(answer.json).toMatchObject({ status: 400, code });
  });

  test.each<Record<string, string>>([
    { host: "shop.example:8081" },
    { host: "127.0.0.1.nip.io" },
    { host: "127.0.0.1:1" },
    { host: "localhost@evil" },
    { host: "2130706433" },
    { origin: "https://shop.example" },
    { origin: "null" },
    { "sec-fetch-site": "same-origin" },
    { "x-forwarded-for": "203.0.113.9" },
    { via: "1.1 proxy" },
  ])("whoever is not of this node: %j", async (headers) => {
    const answer = await door.ask("GET", "/sessions/kept", { headers });
    expect(answer.json).toMatchObject({ status: 403, code: "not-from-this-node" });
  });

  test("nobody who says localhost, and the port or not", async () => {
    for (const host of ["localhost", `localhost:${door.port}`, `[::1]:${door.port}`, "127.0.0.1", "LOCALHOST"]) {
      expect((await door.ask("GET", "/sessions/kept", { headers: { host } })).status).toBe(200);
    }
  });

  test("not Node.js's own fetch, whatever headers it adds", async () => {
    const headers = { "content-type": "application/json" };
    for (const method of ["PUT", "PATCH", "GET", "DELETE"]) {
      const body = method === "PUT" || method === "PATCH" ? { headers, body: "{}" } : {};
      expect((await fetch(`http://localhost:${door.port}/sessions/fetched`, { method, ...body })).ok).toBe(true);
    }
  });

  test("no id that is visible ASCII, decoded once", async () => {
    const id = "a/b%2e:..~";
    expect((await door.ask("PUT", `/sessions/${encodeURIComponent(id)}`, { body: { x: 1 } })).headers.location).toBe("/sessions/a%2Fb%252e%3A..~");
    expect(await door.sessions.read(id, undefined)).toBeDefined();
    expect((await door.ask("DELETE", "/sessions/a%2Fb%252e%3A..~")).status).toBe(204);
    expect((await door.ask("PUT", `/sessions/${"x".repeat(128)}`, { body: {} })).status).toBe(201);
    expect((await door.ask("DELETE", `/sessions/${"%78".repeat(128)}`)).status).toBe(204);
  });

  test("what did not name a version that was signed here, without believing it", async () => {
    await door.ask("PUT", "/sessions/signed", { body: { a: 1 } });
    const { headers } = await door.ask("GET", "/sessions/kept");
    for (const version of [String(headers["session-version"]), "9999999.x-1.AAAAAAAAAAAAAAAAAAAAAA", "x", "..", "1.a-1"]) {
      expect((await door.ask("GET", "/sessions/signed", { headers: { "session-version": version } })).json).toEqual({ a: 1 });
    }
    await door.ask("DELETE", "/sessions/signed");
  });
});
