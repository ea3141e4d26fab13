import { Clock, type Timed } from "../../../../lab/cloud/schedules/clock";
import { parseExpression } from "../../../../lab/cloud/schedules/expression";

const start = new Date("2026-11-24T10:00:20Z");

test.each([
  ["rate(1 minute)", "2026-11-24T10:00:20Z", "2026-11-24T10:01:20.000Z"],
  ["rate(1 minute)", "2026-11-24T10:05:19Z", "2026-11-24T10:05:20.000Z"],
  ["rate(2 hours)", "2026-11-24T10:05:19Z", "2026-11-24T12:00:20.000Z"],
  ["rate(1 day)", "2026-11-24T10:05:19Z", "2026-11-25T10:00:20.000Z"],
  ["cron(* * * * ? *)", "2026-11-24T10:00:20Z", "2026-11-24T10:01:00.000Z"],
  ["cron(0/15 * * * ? *)", "2026-11-24T10:15:00Z", "2026-11-24T10:30:00.000Z"],
  ["cron(30 3 * * ? *)", "2026-11-24T10:00:20Z", "2026-11-25T03:30:00.000Z"],
  ["cron(0 8 1 * ? *)", "2026-11-24T10:00:20Z", "2026-12-01T08:00:00.000Z"],
  ["cron(0 18 ? * MON-FRI *)", "2026-11-27T18:00:00Z", "2026-11-30T18:00:00.000Z"],
  ["cron(0,30 9-10 29 FEB ? *)", "2026-11-24T10:00:20Z", "2028-02-29T09:00:00.000Z"],
  ["cron(0 0 1 1 ? 2027)", "2027-01-01T00:00:00Z", undefined],
  ["at(2026-11-24T11:00:00)", "2026-11-24T10:00:20Z", "2026-11-24T11:00:00.000Z"],
  ["at(2026-11-24T11:00:00)", "2026-11-24T11:00:00Z", undefined],
])("%s after %s is %s", (text, moment, next) => {
  expect(parseExpression(text).after(new Date(moment), start)?.toISOString()).toBe(next);
});

test.each([
  ["every minute", "must be rate(…), cron(…) or at(…), got every minute"],
  ["rate(1 minutes)", "rate: must be like 1 minute or 5 minutes, got 1 minutes"],
  ["rate(0 minutes)", "rate: must be like"],
  ["rate(5 seconds)", "rate: must be like"],
  ["cron(* * * * *)", "cron: must have 6 fields, got 5"],
  ["cron(* * * * * *)", "cron: must have ? in one of day of month and day of week"],
  ["cron(60 * * * ? *)", "cron: minutes must be 0-59, got 60"],
  ["cron(0 0 L * ? *)", "cron: day of month must be 1-31, got L"],
  ["cron(0 0 ? * 6#3 *)", "cron: day of week must be 1-7"],
  ["at(tomorrow)", "at: must be yyyy-mm-ddThh:mm:ss, got tomorrow"],
])("fails when an expression is %s", (text, message) => {
  expect(() => parseExpression(text)).toThrow(message);
});

describe("the clock", () => {
  let clock: Clock;
  let fired: string[];
  const timed = (key: string, expression: string, more: Partial<Timed> = {}): Timed => ({
    key,
    version: expression,
    expression: parseExpression(expression),
    start: new Date(),
    end: undefined,
    atOnce: false,
    fire: async () => void fired.push(`${key} ${new Date().toISOString().slice(11, 19)}`),
    ...more,
  });

  beforeEach(() => {
    jest.useFakeTimers({ now: start });
    fired = [];
    clock = new Clock((error) => void fired.push(String(error)));
  });

  afterEach(() => {
    clock.stop();
    jest.useRealTimers();
  });

  test("fires each at its own time, at once where it begins so", () => {
    clock.set([timed("rule", "rate(1 minute)"), timed("schedule", "rate(2 minutes)", { atOnce: true }), timed("cron", "cron(1 10 * * ? *)")]);
    jest.advanceTimersByTime(130_000);
    expect(fired).toEqual(["schedule 10:00:20", "cron 10:01:00", "rule 10:01:20", "rule 10:02:20", "schedule 10:02:20"]);
  });

  test("what stays the same keeps its time, what changed begins anew, what is gone is silent", () => {
    clock.set([timed("same", "rate(1 minute)"), timed("changed", "rate(1 minute)"), timed("gone", "rate(1 minute)")]);
    jest.advanceTimersByTime(30_000);
    clock.set([timed("same", "rate(1 minute)"), timed("changed", "rate(1 minute)", { version: "2" })]);
    jest.advanceTimersByTime(60_000);
    expect(fired).toEqual(["same 10:01:20", "changed 10:01:50"]);
  });

  test("waits for its start and ends with its end", () => {
    const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
    clock.set([timed("window", "rate(1 minute)", { start: at(90), end: at(160), atOnce: true })]);
    jest.advanceTimersByTime(600_000);
    expect(fired).toEqual(["window 10:01:50", "window 10:02:50"]);
  });

  test("a failure is told, and the next time comes", async () => {
    clock.set([timed("broken", "rate(1 minute)", { fire: () => Promise.reject(new Error("no")) })]);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(fired).toEqual(["Error: no", "Error: no"]);
  });
});
