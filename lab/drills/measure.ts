import type { CartRequest } from "./load/cart-request";

/** Milliseconds with one digit. */
export const rounded = (ms: number): number => Math.round(ms * 10) / 10;

export const isSafe = ({ added }: CartRequest): boolean => added === undefined;

const took = ({ invokedAt, returnedAt }: CartRequest): number => returnedAt - invokedAt;

/** What the requests of one drill were like, whatever was broken. */
export function figures(requests: readonly CartRequest[]) {
  const failed = requests.filter(({ failure }) => failure);
  const failures: Record<string, number> = {};
  for (const request of failed) {
    const name = `${isSafe(request) ? "GET" : "POST"} ${request.failure?.what ?? ""}`;
    failures[name] = (failures[name] ?? 0) + 1;
  }
  const served = requests.filter(({ failure }) => !failure);
  const times = served.map(took).sort((a, b) => a - b);
  const share = (part: number): number => rounded(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
  return {
    requests: requests.length,
    failed: failed.length,
    failedSafe: failed.filter(isSafe).length,
    failures,
    repeated: requests.filter(({ repeats }) => repeats !== undefined).length,
    silentMs: rounded(longestGap(served.map(({ returnedAt }) => returnedAt))),
    medianMs: share(0.5),
    p99Ms: share(0.99),
    longestRequestMs: rounded(requests.reduce((longest, request) => Math.max(longest, took(request)), 0)),
  };
}

function longestGap(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted.reduce((longest, time, index) => Math.max(longest, time - (sorted[index - 1] ?? time)), 0);
}

/** A request that is safe to repeat is disturbed when it fails, has to be repeated, or takes longer than this: a calm cluster stays far below, also on a busy machine. */
const SLOW_MS = 500;

/** So long without a disturbed request, and what comes later has another cause. */
const QUIET_MS = 2_000;

/**
 * From the fault until nothing disturbed these clients any more in requests that are safe to repeat; 0 when nothing did, `null` when one of them
 * was never served again.
 */
export function steeredMs(requests: readonly CartRequest[], touched: ReadonlySet<string>, faultAt: number): number | null {
  const looks = requests.filter((request) => touched.has(request.client) && isSafe(request) && request.returnedAt >= faultAt);
  const last = new Map(looks.map((look) => [look.client, look]));
  if ([...last.values()].some(({ failure }) => failure)) return null;
  const disturbed = looks
    .filter((look) => look.failure !== undefined || look.repeats !== undefined || took(look) > SLOW_MS)
    .sort((a, b) => a.returnedAt - b.returnedAt);
  let end = faultAt;
  for (const { invokedAt, firstInvokedAt, returnedAt } of disturbed) {
    if ((firstInvokedAt ?? invokedAt) - end > QUIET_MS) break;
    end = returnedAt;
  }
  return rounded(end - faultAt);
}

/** From a moment until modifications succeeded and none failed any more; `null` when that never was. */
export function writesBackMs(requests: readonly CartRequest[], from: number): number | null {
  const adds = requests.filter((request) => !isSafe(request) && request.returnedAt >= from);
  const lastFailed = Math.max(from, ...adds.filter(({ failure }) => failure).map(({ returnedAt }) => returnedAt));
  const back = adds.filter(({ failure, invokedAt, returnedAt }) => !failure && (lastFailed > from ? returnedAt > lastFailed : invokedAt >= from));
  return back.length === 0 ? null : rounded(Math.min(...back.map(({ returnedAt }) => returnedAt)) - from);
}

/** The clients that were on one of these nodes at last. */
export function clientsOn(requests: readonly CartRequest[], nodes: readonly string[]): Set<string> {
  const lastNode = new Map(requests.flatMap(({ client, node }) => (node === undefined ? [] : [[client, node] as const])));
  return new Set([...lastNode].flatMap(([client, node]) => (nodes.includes(node) ? [client] : [])));
}

/** The node of these that most clients were on at last, and these clients. */
export function mostUsedNode(requests: readonly CartRequest[], nodes: readonly string[]): { node: string; clients: Set<string> } | undefined {
  return nodes.map((node) => ({ node, clients: clientsOn(requests, [node]) })).sort((a, b) => b.clients.size - a.clients.size)[0];
}
