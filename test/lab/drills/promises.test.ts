import { brokenPromises } from "../../../lab/drills/promises";

const kept: Parameters<typeof brokenPromises>[0] = {
  drill: "store-away",
  at: "2026-01-01T00:00:00.000Z",
  did: "dropped all packets",
  repairs: [],
  clients: 40,
  requests: 1000,
  failed: 12,
  failedSafe: 0,
  repeated: 0,
  failures: { "POST 503": 12 },
  sessionsBefore: 40,
  sessionsLost: 0,
  acknowledgedLost: 0,
  staleReads: 0,
  inventedReads: 0,
  steeredMs: 10,
  recoveredMs: 1000,
  writesBackMs: 500,
  silentMs: 20,
  medianMs: 5,
  p99Ms: 90,
  longestRequestMs: 3000,
  requestLimitMs: 3000,
  evidence: [],
};

test("no promise is broken by modifications that are refused", () => {
  expect(brokenPromises(kept, [])).toEqual([]);
  expect(brokenPromises({ ...kept, writesBackMs: undefined }, [])).toEqual([]);
});

test.each([
  [{ sessionsLost: 2 }, "2 of 40 sessions were lost"],
  [{ acknowledgedLost: 1 }, "1 acknowledged modification was lost"],
  [{ acknowledgedLost: 2 }, "2 acknowledged modifications were lost"],
  [{ staleReads: 1 }, "1 answer was stale"],
  [{ inventedReads: 2 }, "2 answers showed what nobody had done"],
  [{ failedSafe: 1 }, "1 request safe to repeat failed"],
  [{ longestRequestMs: 3000.1 }, "a request took 3000.1 ms, the limit is 3000 ms"],
  [{ steeredMs: null }, "not every client was served again"],
  [{ writesBackMs: null }, "modifications never succeeded again"],
  [{ recoveredMs: null }, "the cluster was not whole again in time: i-1 is starting, 2 nodes instead of 3"],
])("%j breaks a promise", (figures, sentence) => {
  expect(brokenPromises({ ...kept, ...figures }, ["i-1 is starting", "2 nodes instead of 3"])).toEqual([sentence]);
});
