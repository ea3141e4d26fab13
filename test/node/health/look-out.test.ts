import { setTimeout as pause } from "node:timers/promises";
import { AwakeClock } from "../../../node/health/awake-clock";
import { type Evidence, ok } from "../../../node/health/evidence";
import { LookOut } from "../../../node/health/look-out";
import type { Probe } from "../../../node/health/probe";

class FakeProbe implements Probe {
  readonly limitMs = 50;
  readonly late = { level: "bad", cause: "disk" } as const;
  looks = 0;
  end: ((found: Evidence) => void) | undefined;
  constructor(
    readonly name: string,
    readonly find: (probe: FakeProbe) => Promise<Evidence>,
  ) {}
  look(): Promise<Evidence> {
    this.looks += 1;
    return this.find(this);
  }
}

const hanging = (probe: FakeProbe) =>
  new Promise<Evidence>((resolve) => {
    probe.end = resolve;
  });

describe("the look-out", () => {
  test("a probe that hangs holds up no other, is late, and is not asked a second time meanwhile", async () => {
    const stuck = new FakeProbe("stuck", hanging);
    const well = new FakeProbe("well", async () => ok("well"));
    const lookOut = new LookOut([stuck, well]);
    const from = performance.now();
    expect(await lookOut.look(1000, 20)).toEqual([ok("stuck"), ok("well")]);
    expect(performance.now() - from).toBeLessThan(200);
    const late = { probe: "stuck", level: "bad", cause: "disk", reason: "the look at stuck has not ended for 60 ms", sinceMs: 60 };
    expect(await lookOut.look(1060, 20)).toEqual([late, ok("well")]);
    expect([stuck.looks, well.looks]).toEqual([1, 2]);
    stuck.end?.(ok("stuck"));
    await pause(0);
    expect((await lookOut.look(1100, 20))[0]).toEqual(ok("stuck"));
  });

  test("a probe that fails is told as a warning", async () => {
    const lookOut = new LookOut([
      new FakeProbe("broken", async () => {
        throw new Error("EIO");
      }),
    ]);
    expect(await lookOut.look(1000, 20)).toEqual([
      { probe: "broken", level: "warn", cause: "disk", reason: "the look at broken failed: EIO", sinceMs: 0 },
    ]);
  });

  test("what a probe found of the process before says nothing of the next", async () => {
    let isFirst = true;
    const full: Evidence = { probe: "ill", level: "fatal", cause: "memory", reason: "full", sinceMs: 0 };
    const lookOut = new LookOut([new FakeProbe("ill", (probe) => (isFirst ? Promise.resolve(full) : hanging(probe)))]);
    expect(await lookOut.look(1000, 20)).toEqual([full]);
    isFirst = false;
    lookOut.forget();
    expect(await lookOut.look(1010, 20)).toEqual([ok("ill")]);
  });
});

test("time that the agent slept through is not time in which something was silent", () => {
  let at = 1000;
  const clock = new AwakeClock(() => at);
  const from = clock.now();
  at += 100;
  expect(clock.now() - from).toBe(100);
  at += 5000;
  expect(clock.now() - from).toBe(150);
  at += 100;
  expect(clock.now() - from).toBe(250);
  clock.stop();
});
