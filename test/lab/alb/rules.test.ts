import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import type { Action, Condition, Listener } from "../../../lab/alb/desired-state";
import { certificateAuthority } from "../../../lab/machine/certificate-authority";
import { AlbUnderTest, freePort, get } from "./alb-under-test";
import { BackendServer } from "./backend-server";
import { desired, listener, targetGroup } from "./desired";

let alb: AlbUnderTest;
let node: BackendServer;
let port: number;
const folder = mkdtempSync(join(tmpdir(), "alb-ca-"));
const ca = certificateAuthority(folder);

beforeAll(async () => {
  node = await BackendServer.start("i-a");
  port = await freePort();
});
beforeEach(() => {
  alb = new AlbUnderTest();
});
afterEach(() => alb.stop());
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const fixed = (body: string): Action => ({ type: "fixed-response", status: 200, contentType: "text/plain", body });
const serve = (change: Partial<Listener>, attributes = {}, group = {}) =>
  alb.apply(
    desired({
      attributes: { ...desired().attributes, ...attributes },
      listeners: [listener({ port, ...change })],
      targetGroups: [targetGroup({ targets: [{ id: "i-a", ip: "127.0.0.1", port: node.port, draining: false }], ...group })],
    }),
  );

test.each<[string, Condition[], string, Record<string, string>, string, boolean]>([
  ["a path", [{ field: "path-pattern", values: ["/.nplus1/*"] }], "/.nplus1/health", {}, "GET", true],
  ["another path", [{ field: "path-pattern", values: ["/.nplus1/*"] }], "/xnplus1/health", {}, "GET", false],
  ["a path, not its query", [{ field: "path-pattern", values: ["/a"] }], "/a?b=c", {}, "GET", true],
  ["a path in the wrong case", [{ field: "path-pattern", values: ["/a"] }], "/A", {}, "GET", false],
  ["one of two values", [{ field: "host-header", values: ["a.example", "b.example"] }], "/", { Host: "B.EXAMPLE:8080" }, "GET", true],
  ["a header", [{ field: "http-header", name: "x-nplus1-release", values: ["abc"] }], "/", { "X-Nplus1-Release": "ABC" }, "GET", true],
  ["a header that is not there", [{ field: "http-header", name: "x-nplus1-release", values: ["*"] }], "/", {}, "GET", false],
  ["a method", [{ field: "http-request-method", values: ["PUT"] }], "/", {}, "PUT", true],
  ["a query", [{ field: "query-string", pairs: [{ key: "v", value: "2" }] }], "/?a=1&V=2", {}, "GET", true],
  ["a query's value of another key", [{ field: "query-string", pairs: [{ key: "v", value: "2" }] }], "/?a=2", {}, "GET", false],
  ["a source", [{ field: "source-ip", values: ["127.0.0.0/8"] }], "/", {}, "GET", true],
  [
    "two conditions, one of which fails",
    [
      { field: "source-ip", values: ["127.0.0.0/8"] },
      { field: "path-pattern", values: ["/b"] },
    ],
    "/a",
    {},
    "GET",
    false,
  ],
])("a rule for %s", async (_, conditions, path, headers, method, expected) => {
  await serve({ rules: [{ conditions, action: fixed("rule") }], defaultAction: fixed("default") });

  const { body, headers: answered } = await get(port, path, headers, false, method);

  expect(body).toBe(expected ? "rule" : "default");
  expect(answered).toMatchObject({ server: "awselb/2.0", "content-type": "text/plain" });
});

test("the first of two rules that match answers, whatever their actions are", async () => {
  const all: Condition[] = [{ field: "path-pattern", values: ["/*"] }];
  await serve({
    rules: [
      { conditions: all, action: { type: "forward", groups: [{ arn: targetGroup().arn, weight: 1 }] } },
      { conditions: all, action: fixed("second") },
    ],
    defaultAction: fixed("default"),
  });
  await alb.untilState("i-a", "healthy");

  expect((await get(port, "/")).body).toBe("i-a /");
});

test.each([
  ["/a/b?c=d", { path: "/#{path}", query: "#{query}" }, "https://shop.example:443/a/b?c=d"],
  ["/a/b", { path: "/#{path}", query: "#{query}" }, "https://shop.example:443/a/b"],
  ["/a?c=d", { path: "/50%/#{path}", query: "from=#{query}" }, "https://shop.example:443/50%/a?from=c=d"],
])("a redirect of %s with %j", async (path, change, location) => {
  await serve({ defaultAction: { type: "redirect", protocol: "HTTPS", host: "#{host}", port: "443", status: 301, ...change } });

  expect(await get(port, path, { Host: "shop.example:8080" })).toMatchObject({ status: 301, headers: { location, server: "awselb/2.0" } });
});

test("a body with quotes and line ends arrives as it is", async () => {
  await serve({ defaultAction: fixed('it\'s "50%"\n$HOME \\ #{host}') });

  expect((await get(port, "/")).body).toBe('it\'s "50%"\n$HOME \\ #{host}');
});

test("a header field with an invalid name does not reach the target when such are dropped", async () => {
  await serve({}, { dropInvalidHeaderFields: true });
  await alb.untilState("i-a", "healthy");

  await get(port, "/", { X_Secret: "1", "X-Open": "1" });

  expect(Object.keys(node.lastHeaders).filter((name) => name.startsWith("x_") || name === "x-open")).toEqual(["x-open"]);
});

test("TLS is served by SNI, with HTTP/2, and its cookie twin is secure", async () => {
  const certificates = [ca.issue(["shop.example"]), ca.issue(["other.example"])];
  await serve({ protocol: "HTTPS", certificates }, {}, { stickySeconds: 60 });
  await alb.untilState("i-a", "healthy");

  const session = connect(`https://localhost:${port}`, { ca: ca.certPem, servername: "other.example" });
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    session.on("error", reject);
    session.request({ ":path": "/" }).on("response", resolve).on("error", reject).end();
  });
  session.destroy();

  expect(headers[":status"]).toBe(200);
  expect((headers["set-cookie"] as string[])[1]).toMatch(/^AWSALBCORS=.*; SameSite=None; Secure$/);
  expect(node.lastHeaders).toMatchObject({ "x-forwarded-proto": "https" });
});

test("without HTTP/2, TLS clients are offered HTTP/1.1 alone", async () => {
  await serve({ protocol: "HTTPS", certificates: [ca.issue(["shop.example"])] }, { http2: false });

  const protocol = await new Promise((resolve, reject) => {
    const socket = tlsConnect({ port, ca: ca.certPem, servername: "shop.example", ALPNProtocols: ["h2", "http/1.1"] }, () => {
      resolve(socket.alpnProtocol);
      socket.destroy();
    });
    socket.on("error", reject);
  });

  expect(protocol).toBe("http/1.1");
});
