import type { Evidence, Fault } from "../../../node/health/evidence";
import { judge, VERDICT_POLICY } from "../../../node/health/verdict";

const fault = (level: Fault["level"], cause: Fault["cause"], over: Partial<Fault> = {}): Fault => ({
  probe: cause,
  level,
  cause,
  reason: `seen: ${cause}`,
  sinceMs: 1000,
  ...over,
});
const fine: Evidence = { probe: "a", level: "ok" };
const waiting: Evidence = { probe: "b", level: "waiting" };
const of = (...evidence: Evidence[]) => {
  const { level, fault: named, isSure } = judge(evidence, VERDICT_POLICY);
  return [level, named?.cause, isSure];
};

test.each([
  ["nothing is wrong", [fine], ["ok", undefined, true]],
  ["a probe still waits", [fine, waiting], ["ok", undefined, false]],
  ["a warning is no doubt", [fault("warn", "memory")], ["ok", undefined, true]],
  ["a doubt", [fault("bad", "no-answer")], ["bad", "no-answer", true]],
  ["long requests are no hang", [fine, fault("warn", "no-progress")], ["ok", undefined, true]],
  ["but tell how an application hangs", [fault("fatal", "no-answer"), fault("warn", "no-progress")], ["fatal", "no-progress", true]],
  ["a hang is named by what is seen inside", [fault("fatal", "no-answer"), fault("bad", "event-loop")], ["fatal", "event-loop", true]],
  ["a process that is gone is why nothing answers", [fault("fatal", "no-answer"), fault("fatal", "process-gone")], ["fatal", "process-gone", true]],
  ["so is a gate that does not answer", [fault("fatal", "no-answer"), fault("bad", "gate")], ["fatal", "gate", true]],
  ["a starved node is given more time", [fault("fatal", "no-answer"), fault("warn", "pressure")], ["bad", "no-answer", true]],
  ["but not for ever", [fault("fatal", "no-answer", { sinceMs: 2500 }), fault("warn", "pressure")], ["fatal", "no-answer", true]],
  ["a missing dependency is a doubt at first", [fault("bad", "dependency", { dependency: "db" })], ["bad", "dependency", true]],
  ["and the node's own fault when it lasts", [fault("bad", "dependency", { dependency: "db", sinceMs: 5000 })], ["fatal", "dependency", true]],
] as const)("%s", (_, evidence, expected) => {
  expect(of(...evidence)).toEqual(expected);
});

test("all reasons are told, the named one first", () => {
  const { reasons } = judge([fault("warn", "disk"), fault("fatal", "no-answer"), fault("bad", "handles")], VERDICT_POLICY);
  expect(reasons).toEqual(["seen: handles", "seen: disk", "seen: no-answer"]);
});
