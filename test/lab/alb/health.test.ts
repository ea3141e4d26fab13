import fc from "fast-check";
import { type CheckResult, type Health, observe, REGISTERED, type Thresholds } from "../../../lab/alb/health";
import { matchesStatus } from "../../../lab/alb/matcher";
import { routedTargets } from "../../../lab/alb/routing";

const PASS: CheckResult = { kind: "pass" };
const FAIL: CheckResult = { kind: "fail", reason: "Target.Timeout", description: "Request timed out" };
const thresholds: Thresholds = { healthyThreshold: 3, unhealthyThreshold: 2 };
const after = (results: string, limits = thresholds): Health =>
  [...results].reduce((health, result) => observe(health, result === "+" ? PASS : FAIL, limits), REGISTERED);

test.each([
  ["", "initial", "Elb.RegistrationInProgress"],
  ["-", "initial", "Elb.InitialHealthChecking"],
  ["--", "unhealthy", "Target.Timeout"],
  ["+", "healthy", undefined],
  ["-+", "healthy", undefined],
  ["+-", "healthy", undefined],
  ["+-+-", "healthy", undefined],
  ["+--", "unhealthy", "Target.Timeout"],
  ["+--+", "unhealthy", "Target.Timeout"],
  ["+--++-++", "unhealthy", "Target.Timeout"],
  ["+--+++", "healthy", undefined],
])("after checks %j a target is %s", (results, state, reason) => {
  expect(after(results)).toMatchObject({ state, ...(reason === undefined ? {} : { reason }) });
  expect(after(results).reason).toBe(reason);
});

test("an unhealthy target tells the reason of its last failure", () => {
  const mismatch: CheckResult = { kind: "fail", reason: "Target.ResponseCodeMismatch", description: "Health checks failed with these codes: [500]" };

  expect(observe(after("+--"), mismatch, thresholds)).toEqual({
    state: "unhealthy",
    reason: mismatch.reason,
    description: mismatch.description,
    against: 0,
  });
});

const limits = fc.record({ healthyThreshold: fc.integer({ min: 2, max: 10 }), unhealthyThreshold: fc.integer({ min: 2, max: 10 }) });
const history = fc.array(fc.constantFrom("+", "-"), { maxLength: 40 }).map((all) => all.join(""));

test("as many passes in a row as the threshold make any target healthy, as many failures any unhealthy", () => {
  fc.assert(
    fc.property(history, limits, (before, given) => {
      expect(after(before + "+".repeat(given.healthyThreshold), given).state).toBe("healthy");
      expect(after(before + "-".repeat(given.unhealthyThreshold), given).state).toBe("unhealthy");
    }),
  );
});

test("one failure fewer than the threshold never makes a healthy target unhealthy", () => {
  fc.assert(
    fc.property(history, limits, (before, given) => {
      const healthy = before + "+".repeat(given.healthyThreshold);
      expect(after(healthy + "-".repeat(given.unhealthyThreshold - 1), given).state).toBe("healthy");
    }),
  );
});

test.each([
  ["200", 200, true],
  ["200", 201, false],
  ["200,202", 202, true],
  ["200-299", 250, true],
  ["200-299,301", 301, true],
  ["200-299,301", 300, false],
])("matcher %s and status %i: %s", (matcher, status, expected) => {
  expect(matchesStatus(matcher, status)).toBe(expected);
});

const target = fc.record({ state: fc.constantFrom<Health["state"]>("initial", "healthy", "unhealthy"), draining: fc.boolean() });

test("requests go to the healthy targets; without one to all unhealthy ones; never to one that leaves or is not checked yet", () => {
  fc.assert(
    fc.property(fc.array(target), (targets) => {
      const routed = routedTargets(targets, ({ state }) => state);
      const registered = targets.filter(({ draining }) => !draining);
      const best = registered.some(({ state }) => state === "healthy") ? "healthy" : "unhealthy";
      expect(routed).toEqual(registered.filter(({ state }) => state === best));
    }),
  );
});
