import type { DrillReport } from "../contract/drill";
import { chosenDrills, type DrillOptions } from "./drill-choice";
import { runDrills } from "./drill-process";
import { drillTable } from "./drill-table";
import { Failure } from "./failure";
import { theLab } from "./lab/place";
import { progress } from "./lab/progress";
import { readStatus } from "./status";

/**
 * Breaks what is named and says what that did.
 * @throws Failure when a drill could not run; what was measured before is said first
 */
export async function drill(names: readonly string[], options: DrillOptions & { json?: boolean }, say: (text: string) => void): Promise<boolean> {
  const drills = chosenDrills(names, options);
  const lab = theLab();
  const { url, n } = await readStatus(lab);
  const show = progress();
  const reports: DrillReport[] = [];
  let error: string | undefined;
  const code = await runDrills({ drills, url, n, endpoint: `http://127.0.0.1:${lab.ports.endpoint}` }, (line) => {
    if ("report" in line) reports.push(line.report);
    else if ("error" in line) error = line.error;
    else show(line.progress);
  });
  show.done();
  if (reports.length > 0) say(options.json ? JSON.stringify(drills.length === 1 ? reports[0] : reports, null, 2) : drillTable(reports));
  if (error !== undefined || code !== 0) throw new Failure(error ?? `the drill ended with code ${code}`);
  return reports.every(({ broken }) => broken.length === 0);
}
