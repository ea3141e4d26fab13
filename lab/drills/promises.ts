import type { DrillReport } from "../../contract/drill";

type Measured = Omit<DrillReport, "broken">;

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** The promises that a drill's figures show to be broken; `missing` is what the cluster still lacks. */
export function brokenPromises(report: Measured, missing: readonly string[]): string[] {
  const { sessionsLost, sessionsBefore, acknowledgedLost, staleReads, inventedReads, failedSafe, longestRequestMs, requestLimitMs } = report;
  return [
    ...(sessionsLost > 0 ? [`${sessionsLost} of ${sessionsBefore} sessions were lost`] : []),
    ...(acknowledgedLost > 0 ? [`${count(acknowledgedLost, "acknowledged modification was", "acknowledged modifications were")} lost`] : []),
    ...(staleReads > 0 ? [`${count(staleReads, "answer was", "answers were")} stale`] : []),
    ...(inventedReads > 0 ? [`${count(inventedReads, "answer", "answers")} showed what nobody had done`] : []),
    ...(failedSafe > 0 ? [`${count(failedSafe, "request", "requests")} safe to repeat failed`] : []),
    ...(longestRequestMs > requestLimitMs ? [`a request took ${longestRequestMs} ms, the limit is ${requestLimitMs} ms`] : []),
    ...(report.steeredMs === null ? ["not every client was served again"] : []),
    ...(report.writesBackMs === null ? ["modifications never succeeded again"] : []),
    ...(report.recoveredMs === null ? [`the cluster was not whole again in time: ${missing.join(", ")}`] : []),
  ];
}
