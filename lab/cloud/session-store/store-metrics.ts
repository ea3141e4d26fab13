import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Reading } from "./readings";
import { nodeMemoryMib } from "./store-group";

/** ElastiCache's machines of the lab's types have two processors. */
const PROCESSORS = 2;

/** The lab's own, by which it asks. */
const OWN_CONNECTIONS = 1;

/**
 * ElastiCache's metrics of one node for the time between two readings; those that count need both, of one process.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html (derived from INFO)
 */
export function storeMetrics(now: Reading, before: Reading | undefined): MetricDatum[] {
  const number = (key: string, of = now): number => Number(of.info.get(key) ?? 0);
  const metrics: [string, number, MetricDatum["Unit"]][] = [
    ["BytesUsedForCache", number("used_memory"), "Bytes"],
    ["DatabaseMemoryUsagePercentage", percent(number("used_memory"), number("maxmemory")), "Percent"],
    ["FreeableMemory", Math.max(0, nodeMemoryMib(now.nodeType) * 1024 ** 2 - number("used_memory_rss")), "Bytes"],
    ["CurrConnections", Math.max(0, number("connected_clients") - OWN_CONNECTIONS), "Count"],
    ["CurrItems", keys(now.info), "Count"],
  ];
  if (now.primaryOffset !== undefined) metrics.push(["ReplicationLag", lagSeconds(now, now.primaryOffset), "Seconds"]);
  if (before !== undefined && before.info.get("run_id") === now.info.get("run_id")) {
    const since = (key: string): number => number(key) - number(key, before);
    const seconds = (now.at.getTime() - before.at.getTime()) / 1000;
    const engine = since("used_cpu_user_main_thread") + since("used_cpu_sys_main_thread");
    const whole = since("used_cpu_user") + since("used_cpu_sys");
    metrics.push(
      ["Evictions", since("evicted_keys"), "Count"],
      ["NewConnections", since("total_connections_received"), "Count"],
      ["EngineCPUUtilization", percent(engine, seconds), "Percent"],
      ["CPUUtilization", percent(whole, seconds * PROCESSORS), "Percent"],
    );
  }
  const Dimensions = [
    { Name: "CacheClusterId", Value: now.memberId },
    { Name: "CacheNodeId", Value: "0001" },
  ];
  return metrics.map(([MetricName, Value, Unit]) => ({ MetricName, Value, Unit, Dimensions, Timestamp: now.at }));
}

const percent = (part: number, whole: number): number => (whole > 0 ? Math.min(100, (part * 100) / whole) : 0);

/** Of all databases: `db0:keys=3,expires=1,…`. */
const keys = (info: ReadonlyMap<string, string>): number =>
  [...info].filter(([key]) => /^db\d+$/.test(key)).reduce((sum, [, value]) => sum + Number(/keys=(\d+)/.exec(value)?.[1] ?? 0), 0);

/** Nothing when it has all; else since when it has heard nothing. */
function lagSeconds({ info }: Reading, primaryOffset: number): number {
  if (info.get("master_link_status") !== "up") return Number(info.get("master_link_down_since_seconds") ?? 0);
  return Number(info.get("slave_repl_offset") ?? 0) >= primaryOffset ? 0 : Number(info.get("master_last_io_seconds_ago") ?? 0);
}
