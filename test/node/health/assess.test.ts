import fc from "fast-check";
import { assess, BEFORE_FIRST_LOOK, type Health, mayServe, type Observation } from "../../../node/health/assess";

const POLICY = { failuresToQuarantine: 3, passesToServe: 2 };
const good: Observation = { appRunning: true, gateRunning: true, probeFault: undefined, releaseInPlace: true };
const bad: Observation = { ...good, probeFault: "the health path /health answered 500" };
const after = (...seen: Observation[]): Health => seen.reduce((health, look) => assess(health, look, POLICY), BEFORE_FIRST_LOOK);
const states = (...seen: Observation[]) => seen.map((_, i) => after(...seen.slice(0, i + 1)).state);

describe("a node's health", () => {
  test("needs two passes in a row at the start", () => {
    expect(states(good, bad, good, good)).toEqual(["starting", "starting", "starting", "healthy"]);
  });

  test("bears two failures and not a third", () => {
    expect(states(good, good, bad, bad, good, bad, bad, bad).slice(2)).toEqual([
      "suspect",
      "suspect",
      "healthy",
      "suspect",
      "suspect",
      "quarantined",
    ]);
  });

  test("is verified by two passes before the node serves again", () => {
    expect(states(good, good, bad, bad, bad, good, bad, good, good).slice(4)).toEqual([
      "quarantined",
      "verifying",
      "quarantined",
      "verifying",
      "healthy",
    ]);
  });

  test.each<[Partial<Observation>, string[]]>([
    [{ appRunning: false }, ["the application's process is not running"]],
    [{ gateRunning: false, probeFault: "late" }, ["the gate is not running"]],
    [{ releaseInPlace: false, appRunning: false }, ["the release is not in place", "the application's process is not running"]],
    [{ probeFault: "late" }, ["late"]],
    [{}, []],
  ])("for %j the reasons are %j", (seen, reasons) => {
    expect(assess({ state: "healthy", reasons: [], failures: 0, passes: 9 }, { ...good, ...seen }, POLICY).reasons).toEqual(reasons);
  });

  test("serves exactly when it passed twice and has not failed three times since", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (looks) => {
        const health = after(...looks.map((passes) => (passes ? good : bad)));
        const text = looks.map((passes) => (passes ? "+" : "-")).join("");
        expect(mayServe(health.state)).toBe(/\+\+(?!.*---)/.test(text.slice(Math.max(0, text.lastIndexOf("---")))));
        expect(health.reasons.length === 0).toBe(health.state === "healthy");
      }),
    );
  });
});
