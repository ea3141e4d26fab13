import fc from "fast-check";
import { type Cause, causeSchema } from "../../../contract/events";
import { advance, type Outcome } from "../../../node/health/ladder";
import { LADDER_POLICY } from "../../../node/health/ladder-policy";
import { type ActionKind, adopted, atStart, type Ladder } from "../../../node/health/ladder-state";
import type { Verdict } from "../../../node/health/verdict";
import { fine, LadderWorld, wrong } from "./ladder-world";

const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(fine) },
  fc.constant({ ...fine, isSure: false }),
  fc
    .record({ level: fc.constantFrom("bad" as const, "fatal" as const), cause: fc.constantFrom(...causeSchema.options) })
    .map(({ level, cause }) => wrong(level, cause)),
);
const outcome: fc.Arbitrary<Outcome["result"]> = fc.constantFrom("done", "done", "granted", "granted", "failed", "refused", "shared", "away");

type Happening =
  | { kind: "look"; verdict: Verdict; afterMs: number }
  | { kind: "end"; result: Outcome["result"]; afterMs: number }
  | { kind: "new agent" };
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("look" as const), verdict, afterMs: fc.integer({ min: 1, max: 3000 }) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("end" as const), result: outcome, afterMs: fc.integer({ min: 0, max: 3000 }) }) },
    { weight: 1, arbitrary: fc.constant({ kind: "new agent" as const }) },
  ),
  { maxLength: 200 },
);

interface Seen {
  before: Ladder;
  ladder: Ladder;
  action: ActionKind | undefined;
  now: number;
}

/** Only results that an action can have. */
function fitting(action: ActionKind, result: Outcome["result"]): Outcome {
  const isGrant = result === "done" || result === "granted";
  if (action === "ask-budget") return isGrant ? { result: "granted" } : { result: result === "failed" ? "away" : result, reason: "told" };
  if (isGrant) return { result: "done" };
  return { result: action === "report-unhealthy" && result === "shared" ? "shared" : "failed", reason: "told" };
}

function run(story: readonly Happening[], visit: (seen: Seen) => void): Ladder {
  let now = 1_000_000;
  let ladder = atStart(now);
  for (const happening of story) {
    const before = ladder;
    if (happening.kind === "new agent") {
      ladder = adopted(JSON.parse(JSON.stringify(ladder)) as Ladder);
      continue;
    }
    if (happening.kind === "end" && before.busy === null) continue;
    now += happening.afterMs;
    const input =
      happening.kind === "look"
        ? { kind: "look" as const, now, verdict: happening.verdict }
        : { kind: "done" as const, now, action: before.busy as ActionKind, outcome: fitting(before.busy as ActionKind, happening.result) };
    const move = advance(before, input, LADDER_POLICY);
    ladder = move.ladder;
    visit({ before, ladder, action: move.action, now });
  }
  return ladder;
}

const always = (law: (seen: Seen) => void) =>
  fc.assert(
    fc.property(happenings, (story) => void run(story, law)),
    { numRuns: 500 },
  );

describe("whatever happens", () => {
  test("one action at a time", () => {
    always(({ before, ladder, action }) => {
      if (action !== undefined) expect(ladder.busy).toBe(action);
      // A look while an action is under way begins none.
      else if (before.busy !== null) expect([before.busy, null]).toContain(ladder.busy);
    });
  });

  test("no gate is closed and nobody reported without a token of the budget", () => {
    always(({ ladder, action }) => {
      if (action === "close-gate" || (action === "report-unhealthy" && ladder.step !== "failed")) expect(ladder.hasToken).toBe(true);
      if (ladder.step === "quarantined") expect(ladder.hasToken).toBe(true);
    });
  });

  test("no restart without an attempt at a diagnosis since the one before", () => {
    let tried = false;
    fc.assert(
      fc.property(happenings, (story) => {
        tried = false;
        run(story, ({ before, action }) => {
          if (before.busy === "diagnose") tried = true;
          if (action === "restart" || action === "restart-gate") expect(tried).toBe(true);
          if (before.busy === null || before.busy === action) return;
          if (before.busy === "restart" || before.busy === "restart-gate") tried = false;
        });
      }),
      { numRuns: 500 },
    );
  });

  test("without a token only a node that serves nobody is restarted", () => {
    always(({ before, ladder, action }) => {
      const isBegun = before.step !== "repairing" && ladder.step === "repairing";
      if (isBegun && before.step === "suspect") expect(["process-gone", "gate"]).toContain(ladder.fault?.cause);
      if (action === "restart" && !ladder.hasToken) expect(["starting", "repairing"]).toContain(ladder.step);
    });
  });

  test("pauses between restarts grow, and are bounded", () => {
    always(({ ladder, action, now }) => {
      if (action !== "restart" || ladder.restartedAt === null) return;
      const pauseMs = now - ladder.restartedAt;
      expect(pauseMs).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** (ladder.restarts - 1), 30_000));
    });
  });

  test("a node that is healthy again holds no token and has its gate open", () => {
    always(({ ladder }) => {
      if (ladder.step === "healthy") expect([ladder.hasToken, ladder.isGateClosed]).toEqual([false, false]);
    });
  });

  test("with a common cause nobody is taken out", () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const shared = story.map((happening) =>
          happening.kind === "end" && happening.result !== "failed" ? { ...happening, result: "shared" as const } : happening,
        );
        run(shared, ({ action, ladder }) => {
          expect(action).not.toBe("close-gate");
          expect(action).not.toBe("report-unhealthy");
          expect(ladder.step).not.toBe("failed");
        });
      }),
    );
  });

  test("a node whose application is well gets healthy, and one that stays ill is replaced", () => {
    fc.assert(
      fc.property(happenings, fc.boolean(), fc.constantFrom<Cause>("no-answer", "process-gone", "memory"), (story, isWell, cause) => {
        const world = new LadderWorld();
        world.ladder = adopted(run(story, () => undefined));
        world.now = 2_000_000;
        const wasStarting = world.ladder.step === "starting";
        const wasFailed = world.ladder.step === "failed";
        const isOver = () => world.ladder.step === (isWell ? "healthy" : "failed");
        for (let i = 0; i < 4 * 1500 && !isOver(); i += 1) world.look(isWell ? fine : wrong("fatal", cause));
        const end = wasFailed ? "failed" : isWell ? "healthy" : wasStarting ? "starting" : "failed";
        expect(world.ladder.step).toBe(end);
        // Then it is left alone.
        const done = world.actions.length;
        world.looks(40, isWell ? fine : wrong("fatal", cause));
        if (end !== "starting") expect(world.actions.slice(done).filter((action) => action !== "give-back")).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
