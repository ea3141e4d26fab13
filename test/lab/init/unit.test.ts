import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Unit } from "../../../lab/init/unit";
import { parseUnit } from "../../../lab/init/unit-file";

let folder: string;
let unit: Unit | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nplus1-unit-"));
});

afterEach(async () => {
  await unit?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const make = (script: string, ...directives: string[]): Unit => {
  const text = [
    "[Unit]",
    "StartLimitIntervalSec=10",
    "StartLimitBurst=3",
    "[Service]",
    `WorkingDirectory=${folder}`,
    "StandardOutput=null",
    `ExecStart=/bin/sh -c '${script}'`,
  ];
  unit = new Unit(parseUnit("x.service", [...text, ...directives].join("\n")), () => undefined);
  return unit;
};

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let left = 250; !isTrue(); left--) {
    if (left === 0) throw new Error(`waited 5 s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const lines = (name: string): string[] => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8").trim().split("\n") : []);
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

test("stopping ends all of a unit's processes, those in sessions of their own too", async () => {
  const one = make("setsid sleep 100 & echo $! >> children; sleep 100 & echo $! >> children; echo $$$$ > main; echo started >> ready; wait");
  await one.start();
  expect(one.state).toBe("active");
  await until("the script to start its children", () => lines("ready").length === 1);
  expect(lines("main")).toEqual([String(one.mainPid)]);
  const pids = [...lines("main"), ...lines("children")].map(Number);
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  await one.stop();
  expect([one.state, one.mainPid, ...pids.map(isAlive)]).toEqual(["inactive", undefined, false, false, false]);
});

test("a unit that ignores its stop signal is killed when its time is over", async () => {
  const one = make('trap "" TERM; echo up >> ready; while :; do sleep 0.05; done', "TimeoutStopSec=200ms");
  await one.start();
  await until("the trap to be set", () => lines("ready").length === 1);
  const since = Date.now();
  await one.stop();
  expect(Date.now() - since).toBeGreaterThanOrEqual(200);
  expect([one.state, one.result]).toEqual(["failed", "timeout"]);
});

test("KillMode=mixed sends the stop signal to the main process alone", async () => {
  const one = make(
    '(trap "echo got >> child; exit" TERM; echo up >> ready; while :; do sleep 0.02; done) & trap "echo got >> main; exit" TERM; wait',
    "KillMode=mixed",
  );
  await one.start();
  await until("both traps to be set", () => lines("ready").length === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await one.stop();
  expect([lines("main"), lines("child")]).toEqual([["got"], []]);
});

test("Restart=always starts a unit again after its delay, until its start limit", async () => {
  const one = make("echo run >> runs", "Restart=always", "RestartSec=30ms");
  await one.start();
  await until("the start limit", () => one.state === "failed");
  expect([lines("runs").length, one.result]).toEqual([3, "start-limit-hit"]);
});

test("a unit that was stopped does not start again", async () => {
  const one = make("sleep 100", "Restart=always", "RestartSec=10ms");
  await one.start();
  await one.stop();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([one.state, one.isWaitingToRestart]).toEqual(["inactive", false]);
});

test("a oneshot unit has run when its start returns, and its failure fails the start", async () => {
  const one = make("echo once >> runs", "Type=oneshot", "RemainAfterExit=yes");
  await one.start();
  expect([lines("runs"), one.state]).toEqual([["once"], "active"]);
  await expect(make("exit 3", "Type=oneshot").start()).rejects.toThrow("x.service: /bin/sh -c exit 3 ended with code 3");
  expect(unit?.state).toBe("failed");
});

test("reload runs its command with the main process's id", async () => {
  const one = make('trap "echo hup >> got" HUP; echo up >> ready; while :; do sleep 0.02; done', "ExecReload=/bin/kill -HUP $MAINPID");
  await one.start();
  await until("the trap to be set", () => lines("ready").length === 1);
  await one.reload();
  await until("the signal to arrive", () => lines("got").length === 1);
});

test("fails when its folder or its user is not there, saying which", async () => {
  await expect(make("true", "WorkingDirectory=/nowhere").start()).rejects.toThrow("x.service: /bin/sh could not be started in /nowhere");
  await expect(make("true", "User=nobody-here").start()).rejects.toThrow("/etc/passwd: must have the user nobody-here");
});
