import { createConnection } from "node:net";
import { stat } from "node:fs/promises";
import { Watched, SERVER } from "./program";
import { seenAfter } from "./stalls";

/** More than these, and rarer percentiles: `STALLS=300 npx jest test/node/watchdog`. */
const STALLS = Number(process.env["STALLS"] ?? 10);

describe("the watchdog in a Node.js program", () => {
  let watched: Watched;

  beforeEach(() => {
    watched = new Watched();
  });
  afterEach(() => watched.end());

  test.each(["busy", "stuck"] as const)(
    "sees an event loop that is %s while it is, about 100 ms after it began",
    async (how) => {
      await watched.listenAnew();
      const seen = await seenAfter(watched, how, STALLS, 300);
      expect(seen).toHaveLength(STALLS);
      expect(seen).not.toContain(undefined);
      const sorted = seen.map(Number).sort((a, b) => a - b);
      if (process.env["STALLS"] !== undefined)
        process.stderr.write(`${how}: p50 ${at(sorted, 0.5)} p99 ${at(sorted, 0.99)} max ${at(sorted, 1)} ms\n`);
      expect(at(sorted, 0.5)).toBeLessThan(150);
      // On a machine whose processors are taken, either can be starved before it.
      const kinds = watched.stalls.map(({ kind }) => kind);
      expect(kinds).toContain(how);
      expect(kinds).not.toContain(how === "busy" ? "stuck" : "busy");
    },
    300_000,
  );

  test("leaves a program alone when there is no agent: it does what it does and ends as it would", async () => {
    const from = performance.now();
    const { code, text } = await watched.start("setTimeout(() => console.log('done'), 800)").ended;
    expect({ code, text }).toEqual({ code: 0, text: "done\n" });
    expect(performance.now() - from).toBeLessThan(5000);
  });

  test("finds the agent when it comes, and when it comes back", async () => {
    const { pid } = watched.start(SERVER);
    await watched.listenAnew();
    await watched.until("the program", () => watched.loops.all.some((loop) => loop.pid === pid && loop.serves));
    await watched.listenAnew();
    expect(watched.loops.all).toEqual([]);
    await watched.until("the program again", () => watched.loops.all.some((loop) => loop.pid === pid));
    expect((await stat(watched.socketPath)).mode & 0o777).toBe(0o660);
  });

  test("is one in each process, none in its threads, and tells those that serve from those that do not", async () => {
    await watched.listenAnew();
    const thread = 'new (require("node:worker_threads").Worker)("setTimeout(() => 0, 60000)", { eval: true });';
    const parent = watched.start(
      `${SERVER}${thread} console.log(require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => 0, 20000)"]).pid);`,
    );
    await watched.until("two programs", () => watched.loops.all.length === 2 && watched.loops.all.some(({ serves }) => serves));
    const serves = new Map(watched.loops.all.map((loop) => [loop.pid, loop.serves]));
    const child = Number(parent.text());
    process.kill(child, "SIGKILL");
    expect(serves).toEqual(
      new Map([
        [parent.pid, true],
        [child, false],
      ]),
    );
  });

  test("tells what a full garbage collection left of the heap, and how late the loop was", async () => {
    await watched.listenAnew();
    watched.start(
      `${SERVER}
      setTimeout(() => { globalThis.kept = Array.from({ length: 400_000 }, (_, i) => ({ i })); gc(); }, 500);
      setTimeout(() => { const end = Date.now() + 80; while (Date.now() < end); }, 1500);`,
      ["--expose-gc", "--max-old-space-size=100"],
    );
    await watched.until("the heap", () => watched.loops.all.some(({ beat }) => (beat?.heapUsed ?? 0) > 8e6));
    const [{ beat } = { beat: undefined }] = watched.loops.all;
    expect(beat?.heapUsed).toBeLessThan(50e6);
    expect(beat?.heapLimit).toBeGreaterThan(100e6);
    await watched.until("the delay", () => watched.loops.all.some((loop) => (loop.beat?.delayMs ?? 0) >= 50));
  });

  test("a program that may start no threads runs without it", async () => {
    await watched.listenAnew();
    const { code, text } = await watched.start("setTimeout(() => console.log('done'), 600)", ["--permission", "--allow-fs-read=*"]).ended;
    expect({ code, text }).toEqual({ code: 0, text: "done\n" });
  });

  test("the agent lets go of whoever does not speak as a watchdog does", async () => {
    await watched.listenAnew();
    for (const words of ['{"say":"beat"}\n', "x".repeat(5000), `${"no JSON"}\n`]) {
      const socket = createConnection(watched.socketPath);
      const closed = new Promise((done) => socket.once("close", done));
      socket.on("error", () => undefined);
      socket.resume();
      socket.write(words);
      await closed;
    }
    expect(watched.loops.all).toEqual([]);
  });
});

const at = (sorted: readonly number[], share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
