import type { GateStatus } from "../../../node/gate/gate-socket";
import { GateAnswers } from "../../../node/health/gate-answers";
import { AppProcess, ReleaseInPlace } from "../../../node/health/processes";
import { Progress } from "../../../node/health/progress";

const status: GateStatus = { mode: "open", inFlight: 0, held: 0, admitted: 10, passed: 0, inApp: 0, brokenOff: 0 };

describe("progress", () => {
  let now: number;
  let gate: GateStatus;
  const progress = () =>
    new Progress(
      async () => gate,
      () => now,
    );

  beforeEach(() => {
    now = 1000;
    gate = status;
  });

  test("requests of which none ends for a second are a warning, with how many and for how long", async () => {
    const probe = progress();
    gate = { ...status, admitted: 12, inApp: 2 };
    expect((await probe.look()).level).toBe("ok");
    now += 999;
    gate = { ...gate, admitted: 13, inApp: 3 };
    expect((await probe.look()).level).toBe("ok");
    now += 1;
    expect(await probe.look()).toEqual({
      probe: "progress",
      level: "warn",
      cause: "no-progress",
      reason: "none of 3 requests in the application has ended for 1000 ms",
      sinceMs: 1000,
    });
  });

  test("one that ends is progress, and so is an idle application", async () => {
    const probe = progress();
    gate = { ...status, admitted: 12, inApp: 2 };
    await probe.look();
    now += 5000;
    gate = { ...gate, admitted: 13, inApp: 2 };
    expect((await probe.look()).level).toBe("ok");
    now += 5000;
    gate = { ...gate, admitted: 13, inApp: 0 };
    expect((await probe.look()).level).toBe("ok");
    now += 5000;
    expect((await probe.look()).level).toBe("ok");
  });
});

describe("the gate", () => {
  test("is doubted when it is gone or says nothing, and certain after a second", async () => {
    let now = 0;
    let pid: number | undefined;
    const probe = new GateAnswers({ pid: async () => pid, status: async () => status, clock: () => now });
    expect(await probe.look()).toMatchObject({ level: "bad", cause: "gate", reason: "the gate is not running" });
    now += 1000;
    expect(await probe.look()).toMatchObject({ level: "fatal", sinceMs: 1000 });
    pid = 1;
    expect((await probe.look()).level).toBe("ok");
    pid = undefined;
    expect((await probe.look()).level).toBe("bad");
  });

  test("is not waited for when it hangs", async () => {
    const probe = new GateAnswers({ pid: async () => 1, status: () => new Promise(() => undefined), clock: () => performance.now() });
    const from = performance.now();
    expect(await probe.look()).toMatchObject({ level: "bad", reason: "the gate has not answered its socket for 500 ms" });
    expect(performance.now() - from).toBeLessThan(800);
    expect((await probe.look()).level).toBe("fatal");
  });

  test("that refuses is told with its words", async () => {
    const probe = new GateAnswers({ pid: async () => 1, status: async () => Promise.reject(new Error("ENOENT")), clock: () => 0 });
    expect(await probe.look()).toMatchObject({ reason: "the gate does not answer its socket: ENOENT" });
  });
});

test("a process that is gone, or a release that is not in place, is certain at once", async () => {
  expect(await new AppProcess(async () => undefined).look()).toMatchObject({ level: "fatal", cause: "process-gone" });
  expect((await new AppProcess(async () => 1).look()).level).toBe("ok");
  expect(await new ReleaseInPlace(async () => false).look()).toMatchObject({ level: "fatal", cause: "release" });
  expect((await new ReleaseInPlace(async () => true).look()).level).toBe("ok");
});
