import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serveAgent } from "../../../node/agent/http-interface";
import { NodeStatus } from "../../../node/agent/node-status";
import { type OpenDoor, SessionInterface } from "../../../node/agent/session-interface";
import type { SessionDoor } from "../../../node/sessions/http/door";
import { close } from "../gate/running-gate";

describe("the agent's session interface", () => {
  let opened: number;
  let closed: number;
  let opening: () => Promise<void>;
  let sessions: SessionInterface;
  let server: Server;
  let base: string;

  beforeEach(async () => {
    [opened, closed] = [0, 0];
    opening = async () => undefined;
    const door = { handle: (_request, response) => void response.end("served") } as SessionDoor;
    const open = async (): Promise<OpenDoor> => {
      opened += 1;
      await opening();
      return { door, close: async () => void (closed += 1) };
    };
    sessions = new SessionInterface({ open, limitMs: 100 });
    server = await serveAgent(new NodeStatus({ id: "i-1", zone: "z", ip: "10.0.0.4" }, "a".repeat(64)), sessions, 0);
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => close(server));

  const ask = async () => {
    const response = await fetch(`${base}/sessions/x`);
    return { status: response.status, text: await response.text(), retryAfter: response.headers.get("retry-after") };
  };

  test("is opened once, by the first request", async () => {
    expect(opened).toBe(0);
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ text }) => text)).toEqual(["served", "served", "served"]);
    expect(opened).toBe(1);
  });

  test("says what is missing, and tries again at the next request", async () => {
    opening = async () => Promise.reject(new Error("AccessDenied"));
    const { status, text, retryAfter } = await ask();
    expect([status, retryAfter]).toEqual([503, "1"]);
    expect(JSON.parse(text)).toMatchObject({ code: "not-ready", detail: "sessions: AccessDenied" });
    opening = async () => undefined;
    expect((await ask()).text).toBe("served");
    expect(opened).toBe(2);
  });

  test("keeps nobody waiting longer than the limit, and is opened all the same", async () => {
    let isReady = (): void => undefined;
    opening = () =>
      new Promise((resolve) => {
        isReady = resolve;
      });
    const from = performance.now();
    expect(JSON.parse((await ask()).text).detail).toBe("sessions: what sessions need could not be read within 100 ms");
    expect(performance.now() - from).toBeLessThan(500);
    expect((await fetch(`${base}/.nplus1/agent`)).status).toBe(200);
    isReady();
    expect((await ask()).text).toBe("served");
    expect(opened).toBe(1);
  });

  test("is closed when the node leaves", async () => {
    await ask();
    await sessions.close();
    expect([closed, (await ask()).status]).toEqual([1, 503]);
  });

  test("needs no closing when nobody asked", async () => {
    await sessions.close();
    expect([opened, closed, (await ask()).status]).toEqual([0, 0, 503]);
  });
});
