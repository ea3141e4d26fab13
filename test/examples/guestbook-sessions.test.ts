import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SessionDoor } from "../../node/sessions/http/door";
import { versionKey } from "../../node/sessions/http/version-key";
import type { Sessions } from "../../node/sessions/model";
import { openSessions } from "../../node/sessions/open";
import { VersionCookie } from "../../node/sessions/version-cookie";
import { type RedisServer, startRedis } from "../node/sessions/redis-server";
import { freePort, RunningApp } from "./running-app";

const START_LIMIT_MS = 20_000;

/** An agent's session interface that can be restarted on its port, as the agent is. */
class Agent {
  #server: Server | undefined;
  #sessions: Sessions | undefined;
  readonly faults: unknown[] = [];

  constructor(
    readonly port: number,
    private readonly url: string,
  ) {}

  async start(): Promise<void> {
    this.#sessions = openSessions({ url: this.url, storeTimeoutMs: 300 });
    const carried = new VersionCookie(versionKey("secret"));
    const door = new SessionDoor({
      sessions: this.#sessions,
      carried,
      maxSessionBytes: 65_536,
      bodyLimitMs: 1000,
      onFault: (error) => void this.faults.push(error),
    });
    this.#server = createServer(door.handle.bind(door));
    await new Promise<void>((done) => this.#server?.listen(this.port, "127.0.0.1", done));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
    await this.#sessions?.close();
  }

  reads = (): number => this.#sessions?.counters.storeReads ?? 0;
}

describe("the guest book's sessions", () => {
  let redis: RedisServer;
  let agent: Agent;
  let book: RunningApp;

  beforeAll(async () => {
    redis = await startRedis();
    agent = new Agent(await freePort(), redis.url);
    await agent.start();
    book = await RunningApp.start("guestbook-python", undefined, { SESSION_URL: `http://127.0.0.1:${agent.port}` });
  }, START_LIMIT_MS);
  afterAll(async () => {
    const code = await book.stop();
    await agent.stop();
    await redis.stop();
    expect([code, agent.faults]).toEqual([0, []]);
  });

  /** A browser: it keeps its cookies. */
  class Visitor {
    cookies = new Map<string, string>();
    async ask(path: string, form?: string): Promise<{ status: number; text: string; headers: Headers }> {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const body = form === undefined ? {} : { method: "POST", body: form };
      const response = await fetch(book.url + path, { ...body, headers: { cookie }, redirect: "manual" });
      for (const set of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (set.includes("Max-Age=0")) this.cookies.delete(name);
        else this.cookies.set(name, value);
      }
      return { status: response.status, text: await response.text(), headers: response.headers };
    }
    sign = (name: string) => this.ask("/entries", `name=${name}&words=hello`);
  }

  test("know a visitor who signed, and nobody else", async () => {
    const [ada, bob] = [new Visitor(), new Visitor()];
    expect((await ada.ask("/")).text).not.toContain("Welcome back");
    await ada.sign("Ada%3Cb%3E");
    const { headers } = await ada.sign("Ada%3Cb%3E");
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^guest=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^guest\.v=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect((await ada.ask("/")).text).toContain("Welcome back, Ada&lt;b&gt;: you have signed 2 times.");
    expect((await bob.ask("/")).text).not.toContain("Welcome back");
  });

  test("cost the store nothing while they are not modified", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    const before = agent.reads();
    for (let i = 0; i < 20; i += 1) expect((await ada.ask("/")).text).toContain("you have signed 1 times");
    expect(agent.reads() - before).toBe(0);
  });

  test("count every signature of a visitor who is in a hurry", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    await Promise.all(Array.from({ length: 10 }, () => ada.sign("Ada")));
    ada.cookies.delete("guest.v");
    expect((await ada.ask("/")).text).toContain("you have signed 11 times");
  });

  test("end when they are asked to", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    const before = new Map(ada.cookies);
    await ada.ask("/forget", "");
    expect(ada.cookies.size).toBe(0);
    ada.cookies = before;
    expect((await ada.ask("/")).text).not.toContain("Welcome back");
  });

  test.each(["", "../../x", "a b", '"a\\012b"', "x".repeat(500), "é"])("take the odd cookie %j for a stranger's", async (value) => {
    const visitor = new Visitor();
    visitor.cookies = new Map([
      ["guest", encodeURIComponent(value)],
      ["guest.v", '"1\\0122"'],
    ]);
    expect((await visitor.ask("/")).status).toBe(200);
  });

  test("survive the agent's restart, which nobody notices", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    await agent.stop();
    const asked = [ada.ask("/"), ada.sign("Ada")];
    await pause(500);
    await agent.start();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 303]);
    expect((await ada.ask("/")).text).toContain("you have signed 2 times");
  });

  test("are refused with 503 while the agent is away for long, and nothing is written", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    const file = join(book.folder, "var/guestbook.jsonl");
    const before = await readFile(file, "utf8");
    await agent.stop();
    const [page, signed] = await Promise.all([ada.ask("/"), ada.sign("Ada")]);
    expect([page.status, signed.status, signed.headers.get("retry-after")]).toEqual([503, 503, "1"]);
    expect((await new Visitor().ask("/")).status).toBe(200);
    expect(await readFile(file, "utf8")).toBe(before);
    await agent.start();
    expect((await ada.ask("/")).text).toContain("you have signed 1 times");
  }, 20_000);

  test("are refused with 503 while the store is away", async () => {
    const ada = new Visitor();
    await ada.sign("Ada");
    redis.signal("SIGSTOP");
    const { status, text } = await ada.sign("Ada");
    redis.signal("SIGCONT");
    expect([status, text]).toEqual([503, "Your session is not to be had at the moment. Please try again.\n"]);
  });
});
