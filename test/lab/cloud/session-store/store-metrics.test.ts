import type { Reading } from "../../../../lab/cloud/session-store/readings";
import { storeMetrics } from "../../../../lab/cloud/session-store/store-metrics";

const MIB = 1024 ** 2;
const INFO = {
  run_id: "r1",
  used_memory: String(96 * MIB),
  used_memory_rss: String(112 * MIB),
  maxmemory: String(384 * MIB),
  connected_clients: "8",
  evicted_keys: "5",
  total_connections_received: "100",
  used_cpu_user_main_thread: "10",
  used_cpu_sys_main_thread: "5",
  used_cpu_user: "12",
  used_cpu_sys: "6",
  db0: "keys=30,expires=30,avg_ttl=1",
  db1: "keys=12,expires=0,avg_ttl=0",
};

const reading = (change: Record<string, string> = {}, second = 0, primaryOffset?: number): Reading => ({
  memberId: "store-001",
  nodeType: "cache.t4g.micro",
  at: new Date(second * 1000),
  info: new Map(Object.entries({ ...INFO, ...change })),
  primaryOffset,
});

const values = (now: Reading, before?: Reading) => Object.fromEntries(storeMetrics(now, before).map(({ MetricName, Value }) => [MetricName, Value]));

test("a first reading gives what needs no second one", () => {
  expect(values(reading())).toEqual({
    BytesUsedForCache: 96 * MIB,
    DatabaseMemoryUsagePercentage: 25,
    FreeableMemory: 400 * MIB,
    CurrConnections: 7,
    CurrItems: 42,
  });
});

test("a second one gives what happened between them", () => {
  const later = { evicted_keys: "8", total_connections_received: "160", used_cpu_user_main_thread: "34", used_cpu_user: "48" };
  expect(values(reading(later, 60), reading())).toMatchObject({
    Evictions: 3,
    NewConnections: 60,
    EngineCPUUtilization: 40,
    CPUUtilization: 30,
  });
});

test("a process that is new has no past", () => {
  expect(values(reading({ run_id: "r2", evicted_keys: "0" }, 60), reading())).not.toHaveProperty("Evictions");
});

test.each([
  ["has all", { master_link_status: "up", slave_repl_offset: "100", master_last_io_seconds_ago: "9" }, 0],
  ["is behind", { master_link_status: "up", slave_repl_offset: "90", master_last_io_seconds_ago: "2" }, 2],
  ["has lost its primary", { master_link_status: "down", master_link_down_since_seconds: "30" }, 30],
])("a replica that %s lags %j by %d s", (_, info, seconds) => {
  expect(values(reading(info, 0, 100)).ReplicationLag).toBe(seconds);
});

test("metrics are ElastiCache's, of one cache node", () => {
  expect(storeMetrics(reading(), undefined)[0]).toEqual({
    MetricName: "BytesUsedForCache",
    Value: 96 * MIB,
    Unit: "Bytes",
    Dimensions: [
      { Name: "CacheClusterId", Value: "store-001" },
      { Name: "CacheNodeId", Value: "0001" },
    ],
    Timestamp: new Date(0),
  });
});
