import { drillTable } from "../../cli/drill-table";
import type { DrillReport } from "../../contract/drill";

const report: DrillReport = {
  drill: "kill-node",
  at: "2026-01-01T00:00:00.000Z",
  did: "killed i-1",
  repairs: [],
  clients: 40,
  requests: 4386,
  failed: 3,
  failedSafe: 0,
  repeated: 0,
  failures: { "POST 502": 2, "POST ECONNRESET": 1 },
  sessionsBefore: 40,
  sessionsLost: 0,
  acknowledgedLost: 0,
  staleReads: 0,
  inventedReads: 0,
  steeredMs: 433.3,
  recoveredMs: 18_795.1,
  silentMs: 122.6,
  medianMs: 5.2,
  p99Ms: 113.9,
  longestRequestMs: 185.3,
  requestLimitMs: 3000,
  broken: [],
  evidence: [],
};

test("drills are lines of a table, with the failures by kind", () => {
  expect(drillTable([report])).toBe(
    [
      "DRILL      REQUESTS  FAILED  OF THEM SAFE  REPEATED  SESSIONS LOST  WRITES LOST  STALE  STEERED  WRITES BACK  WHOLE   LONGEST",
      "kill-node  4386      3       0             0         0 of 40        0            0      433 ms   -            18.8 s  185 ms",
      "",
      "kill-node: failed: 2 x POST 502, 1 x POST ECONNRESET",
      "every promise held",
    ].join("\n"),
  );
});

test("promises that are broken are told, with who saw what", () => {
  const broken = { ...report, writesBackMs: null, failures: {}, broken: ["1 answer was stale"], evidence: ["s/k: a client saw …"] };
  expect(drillTable([report, broken]).split("\n").slice(2)).toEqual([
    "kill-node  4386      3       0             0         0 of 40        0            0      433 ms   never        18.8 s  185 ms",
    "",
    "kill-node: failed: 2 x POST 502, 1 x POST ECONNRESET",
    "kill-node: broken: 1 answer was stale",
    "  s/k: a client saw …",
  ]);
});
