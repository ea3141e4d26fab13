import { z } from "zod";
import { DRILL_NAMES, type DrillName, drillReportSchema } from "../../contract/drill";
import { nplus1, run, projectDir } from "./lab";
import { join } from "node:path";

const MINUTE = 60_000;
const NOTHING_LOST = { sessionsLost: 0, acknowledgedLost: 0, staleReads: 0, inventedReads: 0, evidence: [] };

/** One of each kind: the whole list takes a quarter of an hour, and is for `npx nplus1 drill --all`. */
const DRILLED: DrillName[] = ["kill-node", "kill-store-primary", "store-away", "stop-app", "kill-app", "kill-agent"];

describe("drills", () => {
  beforeAll(async () => {
    const up = await nplus1(["lab", "up"]);
    if (up.code !== 0) throw new Error(up.stderr);
  }, 5 * MINUTE);

  afterAll(async () => {
    await nplus1(["lab", "down"]);
  }, MINUTE);

  test(
    "lose no session and no acknowledged modification, show nothing stale, and end with a whole cluster",
    async () => {
      const { stdout, stderr } = await nplus1(["drill", ...DRILLED, "--seconds", "15", "--json"]);
      const reports = z.array(drillReportSchema).parse(JSON.parse(stdout === "" ? "[]" : stdout));
      expect([reports.map(({ drill }) => drill), stderr]).toEqual([DRILLED, expect.any(String)]);
      for (const report of reports) {
        expect(report).toMatchObject({ ...NOTHING_LOST, recoveredMs: expect.any(Number), steeredMs: expect.any(Number) });
        expect(report.longestRequestMs).toBeLessThanOrEqual(report.requestLimitMs);
        expect([report.drill, report.failedSafe, report.broken]).toEqual([report.drill, 0, []]);
      }
    },
    12 * MINUTE,
  );

  test(
    "that are interrupted mend what they broke, so that the next finds a whole cluster",
    async () => {
      const interrupted = await run("timeout", [
        "-s",
        "INT",
        "10",
        "node",
        join(projectDir, "bin/nplus1.mjs"),
        "drill",
        "store-away",
        "--seconds",
        "600",
      ]);
      expect(interrupted.stderr).toContain("store-away: interrupted; what was broken is mended");
      const next = await nplus1(["drill", "kill-store-primary", "--seconds", "5"]);
      expect([next.code, next.stdout]).toEqual([0, expect.stringContaining("every promise held")]);
    },
    4 * MINUTE,
  );

  test("that there are not are a wrong call", async () => {
    const ran = await nplus1(["drill", "kill-everything"]);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(`There are: ${DRILL_NAMES.join(", ")}`)]);
  });
});
