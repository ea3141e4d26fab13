import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { probe } from "../../../node/health/probe";

describe("the probe of the health path", () => {
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/hangs") return;
      if (request.url === "/half") {
        response.writeHead(200, { "content-length": "10" });
        response.write("half");
        return;
      }
      response.writeHead(Number(request.url?.slice(1)), { location: "/500" });
      response.end("x");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ["/200", undefined],
    ["/204", undefined],
    ["/302", undefined],
    ["/404", "the health path /404 answered 404"],
    ["/500", "the health path /500 answered 500"],
    ["/hangs", "the health path /hangs did not answer within 100 ms"],
    ["/half", "the health path /half did not answer within 100 ms"],
  ])("of %s says %s", async (path, fault) => {
    expect(await probe({ url: base + path, timeoutMs: 100 })).toBe(fault);
  });

  test("says when nobody listens", async () => {
    expect(await probe({ url: "http://127.0.0.1:1/health", timeoutMs: 1000 })).toBe("the health path /health could not be reached");
  });
});
