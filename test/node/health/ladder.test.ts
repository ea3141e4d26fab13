import { adopted } from "../../../node/health/ladder-state";
import { fine, LadderWorld, wrong } from "./ladder-world";

describe("the ladder", () => {
  test("a starting node is healthy after two clean looks", () => {
    const world = new LadderWorld().look(fine);
    expect(world.ladder.step).toBe("starting");
    world.look(fine);
    expect([world.ladder.step, world.names(), world.actions]).toEqual(["healthy", ["joined"], []]);
  });

  test("a starting node whose process ends is started again, later each time, and never replaced", () => {
    const world = new LadderWorld();
    for (let i = 0; i < 4 * 60; i += 1) world.look(wrong("fatal", "process-gone"));
    expect(world.ladder.step).toBe("starting");
    expect(world.actions.filter((action) => action === "restart")).toHaveLength(6);
    expect(new Set(world.actions)).toEqual(new Set(["diagnose", "restart"]));
  });

  test("a look that is not sure makes nobody healthy", () => {
    const world = new LadderWorld().looks(10, { ...fine, isSure: false });
    expect(world.ladder.step).toBe("starting");
  });

  test("a short doubt changes nothing", () => {
    const world = LadderWorld.healthy().looks(2, wrong("bad")).looks(2, fine);
    expect([world.ladder.step, world.names(), world.actions]).toEqual(["healthy", ["suspect", "healthy"], []]);
  });

  test("a hang is quarantined, diagnosed, restarted, verified and returned, in that order", () => {
    const world = LadderWorld.healthy().look(wrong("fatal"));
    expect(world.ladder.step).toBe("verifying");
    world.looks(5, wrong("bad")).looks(2, fine);
    expect(world.actions).toEqual(["ask-budget", "close-gate", "diagnose", "restart", "open-gate", "give-back"]);
    expect(world.names()).toEqual(["suspect", "quarantined", "diagnosed", "restarted", "healthy"]);
    expect(world.ladder).toMatchObject({ step: "healthy", hasToken: false, isGateClosed: false, fault: null, failedRepairs: 0 });
  });

  test("what ends by itself while it is quarantined is verified without a restart", () => {
    const world = LadderWorld.healthy();
    world.outcome = (action) => (action === "diagnose" ? undefined : { result: action === "ask-budget" ? "granted" : "done" });
    world.look(wrong("fatal")).looks(2, fine);
    expect(world.ladder).toMatchObject({ step: "quarantined", busy: "diagnose" });
    world.done("diagnose", { result: "done" });
    expect(world.actions).toEqual(["ask-budget", "close-gate", "diagnose", "open-gate", "give-back"]);
    expect(world.ladder.step).toBe("healthy");
  });

  test.each([
    ["refused", "budget-refused"],
    ["away", "budget-refused"],
    ["shared", "common-cause"],
  ] as const)("a budget that is %s keeps the gate open, is asked each second and told once", (result, event) => {
    const world = LadderWorld.healthy();
    world.outcome = () => ({ result, reason: "so it is" });
    world.looks(13, wrong("fatal"));
    expect(world.ladder).toMatchObject({ step: "suspect", isGateClosed: false, hasToken: false });
    expect(world.actions).toEqual(Array.from({ length: 4 }, () => "ask-budget"));
    expect(world.names()).toEqual(["suspect", event]);
    world.looks(2, fine);
    expect(world.ladder.step).toBe("healthy");
  });

  test.each(["process-gone", "gate"] as const)("with %s nobody is asked", (cause) => {
    const world = LadderWorld.healthy().look(wrong("fatal", cause)).looks(2, fine);
    expect(world.actions).toEqual(["diagnose", cause === "gate" ? "restart-gate" : "restart"]);
    expect(world.ladder.step).toBe("healthy");
  });

  test("two repairs that do not help end in replacement", () => {
    const world = LadderWorld.healthy();
    world.looks(4 * 40, wrong("fatal"));
    expect(world.ladder.step).toBe("failed");
    expect(world.names()).toEqual([
      "suspect",
      "quarantined",
      "diagnosed",
      "restarted",
      "repair-failed",
      "diagnosed",
      "restarted",
      "repair-failed",
      "replaced",
    ]);
    expect(world.actions.slice(-2)).toEqual(["report-unhealthy", "give-back"]);
  });

  test("a repair has three times what the start took, within its limits", () => {
    const world = new LadderWorld().looks(4 * 10, wrong("bad")).looks(2, fine);
    expect(world.ladder.startTookMs).toBe(10_500);
    world.look(wrong("fatal")).looks(4 * 30, wrong("bad"));
    expect(world.names()).not.toContain("repair-failed");
    world.looks(6, wrong("bad"));
    expect(world.names()).toContain("repair-failed");
  });

  test("a flapping application is given up, with longer pauses before", () => {
    const world = LadderWorld.healthy();
    const restartsAt: number[] = [];
    for (let i = 0; i < 4 * 120 && world.ladder.step !== "failed"; i += 1) {
      const before = world.ladder.restarts;
      // Well for 2 s after each start, then gone until the next.
      const age = world.now - (world.ladder.restartedAt ?? 0);
      world.look(age < 2000 ? fine : wrong("fatal", "process-gone"));
      if (world.ladder.restarts > before) restartsAt.push(world.now);
    }
    expect(world.ladder.step).toBe("failed");
    const pauses = restartsAt.slice(1).map((at, index) => at - (restartsAt[index] ?? 0));
    expect(pauses).toEqual([2250, 2250, 4000, 8000]);
    expect(world.names().filter((event) => event === "replaced")).toHaveLength(1);
  });

  test("with a common cause even a node that does not get well is not replaced", () => {
    const world = LadderWorld.healthy();
    let asked = 0;
    world.outcome = (action) => {
      if (action === "report-unhealthy") return { result: "shared", reason: "all nodes have it" };
      if (action === "ask-budget") asked += 1;
      return { result: action === "ask-budget" ? "granted" : "done" };
    };
    world.looks(4 * 300, wrong("fatal"));
    expect(asked).toBe(1);
    expect(world.ladder.step).not.toBe("failed");
    expect(world.names()).toContain("common-cause");
    expect(world.ladder.restarts).toBeLessThan(20);
  });

  test("what was is forgotten after a long calm", () => {
    const world = LadderWorld.healthy().look(wrong("fatal", "process-gone")).looks(2, fine);
    expect(world.ladder.restarts).toBe(1);
    world.look(fine, 300_000);
    expect(world.ladder).toMatchObject({ restarts: 0, restartedAt: null });
  });

  test("a new agent goes on where the one before was cut off", () => {
    const world = LadderWorld.healthy();
    world.outcome = (action) => (action === "restart" ? undefined : { result: action === "ask-budget" ? "granted" : "done" });
    world.look(wrong("fatal"));
    const begunAt = world.now;
    expect(world.ladder.busy).toBe("restart");
    world.ladder = adopted(JSON.parse(JSON.stringify(world.ladder)));
    world.look(wrong("bad"));
    expect(world.ladder).toMatchObject({ step: "repairing", busy: "restart", restartBegunAt: begunAt });
    expect(world.actions.slice(-2)).toEqual(["restart", "restart"]);
  });
});
