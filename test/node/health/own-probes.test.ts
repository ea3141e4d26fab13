import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { applicationSchema } from "../../../contract/application";
import { ownProbes } from "../../../node/agent/own-probes";
import { Disk } from "../../../node/health/disk";
import { Handles } from "../../../node/health/handles";
import { Memory } from "../../../node/health/memory";
import { Pressure } from "../../../node/health/pressure";
import { ProcessTree } from "../../../node/health/process-tree";
import { writeCheck } from "../../../node/health/write-check";

const ended: ChildProcess[] = [];
function start(command: string): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
  ended.push(child);
  return new Promise((done) => child.stdout.once("data", () => done(child.pid ?? 0)));
}
afterEach(() => {
  for (const child of ended.splice(0)) child.kill("SIGKILL");
});

const now = () => performance.now();

describe("handles", () => {
  const open = (count: number) =>
    start(`ulimit -n 64; exec ${process.execPath} -e "
      const fs = require('node:fs');
      try { while (fs.openSync('/dev/null') < ${count - 1}); } catch {}
      setTimeout(() => 0, 30000); fs.writeSync(1, 'open');"`);

  test.each([
    [40, "ok"],
    [60, "warn"],
    [64, "bad"],
  ])("%i of 64 are %s", async (count, level) => {
    const pid = await open(count);
    const found = await new Handles(async () => [process.pid, pid], 98, now).look();
    expect(found.level).toBe(level);
    if (level === "bad")
      expect(found).toMatchObject({ cause: "handles", reason: expect.stringMatching(/^process \d+ has 6\d handles open, of 64 that it may have$/) });
  });

  test("that stay used up are certain, and are not any more when they are given back", async () => {
    const pid = await open(64);
    let at = 0;
    const handles = new Handles(
      async () => [pid],
      98,
      () => at,
    );
    const levels: string[] = [];
    for (at of [0, 1000, 2000]) levels.push((await handles.look()).level);
    expect(levels).toEqual(["bad", "bad", "fatal"]);
    handles.forget();
    expect((await handles.look()).level).toBe("bad");
  });

  test("of a process that is gone are no trouble", async () => {
    expect(await new Handles(async () => [4_194_303], 98, now).look()).toEqual({ probe: "handles", level: "ok" });
  });
});

test("memory is too much only for as long as it is held", async () => {
  let at = 0;
  let pids = [process.pid];
  const memory = new Memory(
    async () => pids,
    0.01,
    () => at,
  );
  expect(await memory.look()).toMatchObject({ level: "bad", cause: "memory" });
  at = 1500;
  expect(await memory.look()).toMatchObject({
    level: "fatal",
    reason: expect.stringMatching(/^the application holds \d+ % of the machine's memory$/),
  });
  pids = [];
  expect((await memory.look()).level).toMatch(/ok|warn/);
});

describe("the disk", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nplus1-disk-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is written to, and nothing is left there", async () => {
    expect(await writeCheck(folder)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test("that cannot be written is doubted, then certain, with what the system said", async () => {
    expect(await writeCheck("/proc")).toMatch(/^[A-Z]/);
    let at = 0;
    const disk = new Disk({ places: [{ folder: "/proc", writer: undefined }], leastMiB: 20, clock: () => at });
    expect(await disk.look()).toMatchObject({ level: "bad", cause: "disk", reason: expect.stringContaining("a file in /proc cannot be written: ") });
    at = 4000;
    expect(await disk.look()).toMatchObject({ level: "fatal", sinceMs: 4000 });
  });

  test("is left alone between two looks", async () => {
    const disk = new Disk({ places: [{ folder, writer: undefined }], leastMiB: 1, clock: () => 0 });
    const first = await disk.look();
    await rm(folder, { recursive: true });
    expect(await disk.look()).toBe(first);
    folder = await mkdtemp(join(tmpdir(), "nplus1-disk-"));
  });
});

describe("pressure", () => {
  const spin = "echo on; while :; do :; done";

  test("is a warning while an application's threads wait for a processor longer than they run", async () => {
    const pids = await Promise.all(Array.from({ length: 5 }, () => start(`exec taskset -c 0 /bin/sh -c '${spin}'`)));
    const pressure = new Pressure(async () => pids.slice(0, 1), now);
    await pressure.look();
    await pause(1000);
    expect(await pressure.look()).toMatchObject({
      level: "warn",
      cause: "pressure",
      reason: expect.stringMatching(/^the application waited \d+ ms/),
    });
  });

  test("is none on one that sleeps, however much else there is to do", async () => {
    const pid = await start("echo on; exec sleep 30");
    const pressure = new Pressure(async () => [pid], now);
    await pressure.look();
    await pause(600);
    expect(await pressure.look()).toEqual({ probe: "pressure", level: "ok" });
  });
});

test("a process's children are looked at with it", async () => {
  const pid = await start("sleep 20 & echo on; wait");
  const pids = await new ProcessTree(async () => pid, now).pids();
  expect(pids).toHaveLength(2);
  expect(pids[0]).toBe(pid);
  process.kill(pids[1] ?? 0, "SIGKILL");
});

test("all that is seen in an application itself has a name, and is well with one that is", async () => {
  const probes = ownProbes({
    application: applicationSchema.parse({ name: "shop", start: "node server.js" }),
    appPid: async () => process.pid,
    loops: () => [],
    folder: "/nowhere",
    appUser: { uid: 0, gid: 0 },
    nodeFolder: tmpdir(),
    clock: now,
  });
  expect(probes.map(({ name }) => name)).toEqual(["event loop", "heap", "memory", "handles", "disk", "pressure"]);
  for (const probe of probes) expect((await probe.look(now())).level).toMatch(/ok|warn/);
});
