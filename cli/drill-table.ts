import type { DrillReport } from "../contract/drill";
import { table } from "./table";

const HEAD = [
  "DRILL",
  "REQUESTS",
  "FAILED",
  "OF THEM SAFE",
  "REPEATED",
  "SESSIONS LOST",
  "WRITES LOST",
  "STALE",
  "STEERED",
  "WRITES BACK",
  "WHOLE",
  "LONGEST",
];

/** From 10 s on in seconds. */
function duration(ms: number | null | undefined): string {
  if (ms === undefined) return "-";
  if (ms === null) return "never";
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

const row = (report: DrillReport): string[] => [
  report.drill,
  String(report.requests),
  String(report.failed),
  String(report.failedSafe),
  String(report.repeated),
  `${report.sessionsLost} of ${report.sessionsBefore}`,
  String(report.acknowledgedLost),
  String(report.staleReads),
  duration(report.steeredMs),
  duration(report.writesBackMs),
  duration(report.recoveredMs),
  duration(report.longestRequestMs),
];

/** What drills measured, for people. */
export function drillTable(reports: readonly DrillReport[]): string {
  const broken = reports.flatMap((report) => [
    ...report.broken.map((promise) => `${report.drill}: broken: ${promise}`),
    ...report.evidence.map((line) => `  ${line}`),
  ]);
  const failures = reports.flatMap(({ drill, failures }) => {
    const words = Object.entries(failures).map(([failure, times]) => `${times} x ${failure}`);
    return words.length > 0 ? [`${drill}: failed: ${words.join(", ")}`] : [];
  });
  const kept = reports.length > 0 && broken.length === 0 ? ["every promise held"] : [];
  return [table(HEAD, reports.map(row)), "", ...failures, ...broken, ...kept].join("\n").trimEnd();
}
