import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { CurrentToken } from "../../../node/secrets/current-token";

describe("the store's token", () => {
  let secret: () => Promise<string>;
  let published: string[];
  let logged: string[];
  let reads: number;
  let current: CurrentToken;

  beforeEach(() => {
    secret = async () => "one";
    [published, logged, reads] = [[], [], 0];
    const log = pino({}, { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
    const read = () => {
      reads += 1;
      return secret();
    };
    current = new CurrentToken({ read, publish: async (token) => void published.push(token), lookMs: 100, againMs: 30, log });
  });

  test("is read once for all who ask, and published before they have it", async () => {
    expect(await Promise.all([current.token(), current.token()])).toEqual(["one", "one"]);
    await current.token();
    expect([reads, published, logged]).toEqual([1, ["one"], []]);
  });

  test("is followed when it is rotated", async () => {
    const stop = new AbortController();
    const watching = current.watch(stop.signal);
    await pause(20);
    secret = async () => "two";
    await pause(130);
    expect(await current.token()).toBe("two");
    expect([published, logged]).toEqual([["one", "two"], ["the session store's token was rotated"]]);
    stop.abort();
    await watching;
  });

  test("is read at once when the store refuses it, but not at every refusal", async () => {
    await current.token();
    await pause(40);
    secret = async () => "two";
    for (let i = 0; i < 10; i += 1) current.refused();
    await pause(1);
    expect([reads, published]).toEqual([2, ["one", "two"]]);
    current.refused();
    await pause(40);
    current.refused();
    await pause(1);
    expect(reads).toBe(3);
  });

  test("stays what it is while it cannot be read, and is tried again soon", async () => {
    await current.token();
    secret = async () => Promise.reject(new Error("AccessDenied"));
    const stop = new AbortController();
    const watching = current.watch(stop.signal);
    await pause(150);
    expect(await current.token()).toBe("one");
    expect(reads).toBeGreaterThanOrEqual(4);
    expect(reads).toBeLessThanOrEqual(7);
    expect(new Set(logged)).toEqual(new Set(["the session store's token could not be read"]));
    stop.abort();
    await watching;
  });

  test("fails for those who ask when there never was one", async () => {
    secret = async () => Promise.reject(new Error("AccessDenied"));
    await expect(current.token()).rejects.toThrow("AccessDenied");
    secret = async () => "one";
    expect(await current.token()).toBe("one");
  });
});
