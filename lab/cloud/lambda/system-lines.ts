import type { FunctionVersion } from "./function";

export type InvocationStatus = "success" | "error" | "failure" | "timeout";

export interface Report {
  requestId: string;
  at: Date;
  durationMs: number;
  /** Of an invocation that had to start the process. */
  initMs: number | undefined;
  status: InvocationStatus;
}

/** What Lambda itself writes before an invocation. @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
export function startLine({ config, version }: FunctionVersion, requestId: string, at: Date): string {
  if (config.logging.format === "Text") return `START RequestId: ${requestId} Version: ${version}`;
  return JSON.stringify({ time: at.toISOString(), type: "platform.start", record: { requestId, version } });
}

/** And after it. */
export function endLines({ config }: FunctionVersion, { requestId, at, durationMs, initMs, status }: Report): string[] {
  const billedMs = Math.ceil(durationMs + (initMs ?? 0));
  if (config.logging.format === "JSON") {
    const metrics = { durationMs, billedDurationMs: billedMs, memorySizeMB: config.memoryMiB, initDurationMs: initMs };
    return [JSON.stringify({ time: at.toISOString(), type: "platform.report", record: { requestId, metrics, status } })];
  }
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${config.memoryMiB} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === "success" ? [] : [`Status: ${status}`]),
  ];
  return [`END RequestId: ${requestId}`, report.join("\t")];
}
