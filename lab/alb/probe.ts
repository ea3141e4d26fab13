import http from "node:http";
import https from "node:https";
import type { HealthCheck, Target } from "./desired-state";
import type { CheckResult } from "./health";
import { matchesStatus } from "./matcher";

/** One health check, as ALB makes it: a new connection, no certificate verified, the status alone counts. */
export function probe(check: HealthCheck, target: Target, signal: AbortSignal): Promise<CheckResult> {
  const port = check.port ?? target.port;
  const failed: CheckResult = { kind: "fail", reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(check.timeoutSeconds * 1000);
    const request = (check.protocol === "HTTPS" ? https : http).request({
      host: target.ip,
      port,
      path: check.path,
      agent: false,
      rejectUnauthorized: false,
      signal: AbortSignal.any([signal, timeout]),
      headers: { Host: `${target.ip}:${port}`, "User-Agent": "ELB-HealthChecker/2.0", "Accept-Encoding": "gzip, compressed", Connection: "close" },
    });
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      const description = `Health checks failed with these codes: [${status}]`;
      resolve(matchesStatus(check.matcher, status) ? { kind: "pass" } : { kind: "fail", reason: "Target.ResponseCodeMismatch", description });
      request.destroy();
    });
    request.on("error", () => resolve(timeout.aborted ? { kind: "fail", reason: "Target.Timeout", description: "Request timed out" } : failed));
    request.end();
  });
}
