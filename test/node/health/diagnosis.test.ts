import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../../../node/health/command";
import { type DiagnoseArgs, diagnose } from "../../../node/health/diagnosis";
import { keepLadder, readLadder } from "../../../node/health/ladder-file";
import { atStart } from "../../../node/health/ladder-state";
import { ageMs } from "../../../node/health/proc";

const about = { node: "i-1", release: "a".repeat(64), at: "2026-11-24T09:00:00.000Z", fault: null, evidence: [] };

describe("a diagnosis", () => {
  let app: ChildProcess;
  const of = (args: Partial<DiagnoseArgs> = {}) =>
    diagnose({ about, pid: app.pid, limitMs: 800, lastOutput: async () => "last words", own: undefined, stacks: undefined, secrets: [], ...args });

  beforeEach(() => {
    app = spawn("sleep", ["60"]);
  });
  afterEach(() => void app.kill("SIGKILL"));

  test("has the last output, what the kernel says of the process, and its handles", async () => {
    const found = await of();
    expect(found).toMatchObject({ ...about, pid: app.pid, output: "last words", stacks: null });
    expect(found.process.status).toMatch(/^State:\tS/m);
    expect(found.process.limits).toMatch(/Max open files/);
    expect(Object.values(found.handles).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3);
  });

  test("has what the application's own command prints, also of one that is ended at its limit", async () => {
    const found = await of({
      own: (pid, limitMs) =>
        output("/bin/sh", ["-c", "echo of $PID; echo oops >&2; sleep 60"], limitMs, { env: { PID: String(pid), PATH: "/usr/bin:/bin" } }),
    });
    expect(found.commands.diagnose).toBe(`of ${app.pid}\noops\n(ended after 640 ms)`);
  });

  test("does not wait for what hangs, and has the rest", async () => {
    const from = performance.now();
    const found = await of({ stacks: () => new Promise(() => undefined), lastOutput: () => Promise.reject(new Error("EIO")), limitMs: 200 });
    expect(performance.now() - from).toBeLessThan(600);
    expect([found.output, found.stacks]).toEqual(["", null]);
    expect(found.process.status).toMatch(/sleep/);
  });

  test("of a process that is gone has what is left", async () => {
    expect(await of({ pid: undefined })).toMatchObject({ pid: null, output: "last words", process: {}, handles: {} });
  });

  test("shows no secret, however it is quoted", async () => {
    const secret = 'p"w\\1';
    const found = await of({ lastOutput: async () => `login with ${secret} failed`, own: async () => `again ${secret}`, secrets: [secret, ""] });
    expect([found.output, found.commands.diagnose]).toEqual(["login with *** failed", "again ***"]);
  });
});

test("a command that cannot be begun says so", async () => {
  await expect(output("/no/such/program", [], 100)).rejects.toThrow("ENOENT");
  expect(await output("/bin/sh", ["-c", "echo a; exit 3"], 1000)).toBe("a\n(ended with 3)");
});

test("a process has an age, and one that is gone has none", async () => {
  const child = spawn("sleep", ["60"]);
  const age = await ageMs(child.pid ?? 0);
  expect(age).toBeGreaterThanOrEqual(-20);
  expect(age).toBeLessThan(2000);
  expect((await ageMs(process.pid)) ?? 0).toBeGreaterThan((age ?? 0) - 1);
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
  expect(await ageMs(child.pid ?? 0)).toBeUndefined();
});

test("the ladder's file is read as it was kept, and what is no ladder is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nplus1-ladder-"));
  try {
    const file = join(folder, "run", "ladder.json");
    expect(readLadder(file)).toBeUndefined();
    const ladder = { ...atStart(5), step: "verifying" as const, busy: "open-gate" as const, told: ["suspect"] };
    keepLadder(file, ladder);
    expect(readLadder(file)).toEqual(ladder);
    expect(await readdir(join(folder, "run"))).toEqual(["ladder.json"]);
    keepLadder(file, { ...ladder, step: "nowhere" } as never);
    expect(readLadder(file)).toBeUndefined();
    expect(await readFile(file, "utf8")).toContain("nowhere");
  } finally {
    await rm(folder, { recursive: true });
  }
});
