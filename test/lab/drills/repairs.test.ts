import type { ClusterEvent } from "../../../contract/events";
import { repairLines } from "../../../lab/drills/repairs";

const AT = Date.parse("2026-01-01T00:00:00.000Z");

const event = (afterMs: number, name: ClusterEvent["event"], about: Partial<ClusterEvent> = {}): ClusterEvent => ({
  id: `${afterMs}`,
  at: new Date(AT + afterMs).toISOString(),
  source: "nplus1.node",
  event: name,
  node: "i-1",
  reason: "it said nothing",
  cause: null,
  dependency: null,
  details: {},
  ...about,
});

test("what was done since the fault is told in the order of time, without the steps to it", () => {
  const events = [
    event(3000, "healthy"),
    event(-1, "joined"),
    event(900, "suspect"),
    event(1240, "quarantined", { cause: "no-answer" }),
    event(1300, "diagnosed"),
    event(2000, "common-cause", { node: null }),
  ];
  expect(repairLines(events, AT)).toEqual([
    "after 1.2 s i-1 quarantined (no-answer): it said nothing",
    "after 2.0 s common-cause: it said nothing",
    "after 3.0 s i-1 healthy: it said nothing",
  ]);
});

test("a node that is well again after a mere doubt is not told", () => {
  const events = [
    event(100, "suspect"),
    event(400, "healthy"),
    event(500, "restarted"),
    event(600, "healthy"),
    event(700, "healthy"),
    event(800, "joined", { node: "i-2" }),
    event(900, "healthy", { node: "i-2" }),
  ];
  expect(repairLines(events, AT)).toEqual([
    "after 0.5 s i-1 restarted: it said nothing",
    "after 0.6 s i-1 healthy: it said nothing",
    "after 0.8 s i-2 joined: it said nothing",
  ]);
});
