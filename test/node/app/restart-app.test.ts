import { type ChildProcess, spawn } from "node:child_process";
import { applicationSchema } from "../../../contract/application";
import type { Cause } from "../../../contract/events";
import type { Units } from "../../../node/agent/units";
import { restartApp } from "../../../node/app/restart-app";
import { ageMs } from "../../../node/health/proc";

const { stop } = applicationSchema.parse({ name: "shop", start: "node server.js", stop: { graceMs: 500 } });

describe("restarting an application", () => {
  let app: ChildProcess;
  let did: string[];

  const run = async (code: string): Promise<void> => {
    app = spawn(process.execPath, ["-e", `${code};console.log("up");setInterval(()=>0,1000)`], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((done) => app.stdout?.once("data", done));
  };
  const isRunning = () => app.exitCode === null && app.signalCode === null;
  const units: Units = {
    status: async () => ({ active: isRunning(), pid: isRunning() ? app.pid : undefined }),
    start: async () => void did.push("start"),
    signal: async (_, signal) => {
      if (!isRunning()) throw new Error("not running");
      did.push(signal);
      app.kill(signal);
    },
    stop: async () => undefined,
    reload: async () => undefined,
    reread: async () => undefined,
  };
  const restart = (cause: Cause, begunAgoMs = 0) => restartApp({ units, pid: app.pid, stop, cause, begunAgoMs, ageMs });

  beforeEach(() => {
    did = [];
  });
  afterEach(() => void app.kill("SIGKILL"));

  test.each(["no-answer", "no-progress", "event-loop"] as const)("with %s it is ended at once, without its own signal", async (cause) => {
    await run("process.on('SIGTERM', () => 0)");
    app.kill("SIGSTOP");
    const from = performance.now();
    await restart(cause);
    expect(app.signalCode).toBe("SIGKILL");
    expect(did.filter((what) => what !== "SIGKILL")).toEqual(["start"]);
    expect(performance.now() - from).toBeLessThan(400);
  });

  test("otherwise it has a moment to stop by itself", async () => {
    await run("process.on('SIGTERM', () => setTimeout(() => process.exit(0), 50))");
    await restart("memory");
    expect([app.exitCode, did]).toEqual([0, ["SIGTERM", "start"]]);
  });

  test("and is ended when it does not", async () => {
    await run("process.on('SIGTERM', () => 0)");
    const from = performance.now();
    await restart("wrong-answer");
    expect(performance.now() - from).toBeGreaterThan(450);
    expect([app.signalCode, did.at(-1)]).toEqual(["SIGKILL", "start"]);
  });

  test("one that ended already is only started", async () => {
    await run("");
    const gone = new Promise((done) => app.once("exit", done));
    app.kill("SIGKILL");
    await gone;
    await restart("process-gone");
    expect(did).toEqual(["start"]);
  });

  test("what belongs to it is ended too, before it is started", async () => {
    await run("");
    let left = 2;
    const slow: Units = {
      ...units,
      status: async () => ({ active: (left -= 1) > 0, pid: undefined }),
      signal: async (_, signal) => void did.push(signal),
    };
    await restartApp({ units: slow, pid: app.pid, stop, cause: "no-answer", begunAgoMs: 0, ageMs });
    expect(did).toEqual(["SIGKILL", "start"]);
  });

  test("done again by the next agent, it leaves the process that it had started", async () => {
    await run("");
    await restart("no-answer", 60_000);
    expect(did).toEqual([]);
    expect(isRunning()).toBe(true);
  });
});
