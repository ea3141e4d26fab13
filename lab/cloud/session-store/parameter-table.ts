export interface Parameter {
  name: string;
  type: "integer" | "string";
  /** A range like 0-20000, or alternatives like yes,no; "" for any text. */
  allowed: string;
  byDefault: string;
  /** Applied to running nodes at once, or at their next start. */
  change: "immediate" | "requires-reboot";
  /** The lab's redis-server has the directive of the same name; the others are kept and described, without effect. */
  inRedis: boolean;
}

const row = (name: string, type: Parameter["type"], allowed: string, byDefault: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  type,
  allowed,
  byDefault,
  change: "immediate",
  inRedis: true,
  ...more,
});

const POLICIES = "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction";
const YES_NO = "yes,no";
const ANY_COUNT = "0-4294967295";

/**
 * The parameters that an ElastiCache group for Valkey lets one change: name, range, default.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
export const PARAMETERS: readonly Parameter[] = [
  row("acllog-max-len", "integer", "1-10000", "128"),
  row("active-expire-effort", "integer", "1-10", "1"),
  row("activedefrag", "string", YES_NO, "no", { inRedis: false }),
  row("activerehashing", "string", YES_NO, "yes", { change: "requires-reboot" }),
  row("client-output-buffer-limit-normal-hard-limit", "integer", ANY_COUNT, "0", { inRedis: false }),
  row("client-output-buffer-limit-normal-soft-limit", "integer", ANY_COUNT, "0", { inRedis: false }),
  row("client-output-buffer-limit-normal-soft-seconds", "integer", ANY_COUNT, "0", { inRedis: false }),
  row("client-output-buffer-limit-pubsub-hard-limit", "integer", ANY_COUNT, "33554432", { inRedis: false }),
  row("client-output-buffer-limit-pubsub-soft-limit", "integer", ANY_COUNT, "8388608", { inRedis: false }),
  row("client-output-buffer-limit-pubsub-soft-seconds", "integer", ANY_COUNT, "60", { inRedis: false }),
  row("close-on-replica-write", "string", YES_NO, "yes", { inRedis: false }),
  row("cluster-enabled", "string", YES_NO, "no", { change: "requires-reboot", inRedis: false }),
  row("databases", "integer", "1-1200000", "16", { change: "requires-reboot" }),
  row("hash-max-listpack-entries", "integer", ANY_COUNT, "512"),
  row("hash-max-listpack-value", "integer", ANY_COUNT, "64"),
  row("hll-sparse-max-bytes", "integer", "1-16000", "3000"),
  row("latency-tracking", "string", YES_NO, "no"),
  row("lazyfree-lazy-eviction", "string", YES_NO, "yes"),
  row("lazyfree-lazy-expire", "string", YES_NO, "yes"),
  row("lazyfree-lazy-server-del", "string", YES_NO, "yes"),
  row("lazyfree-lazy-user-del", "string", YES_NO, "yes"),
  row("lfu-decay-time", "integer", ANY_COUNT, "1"),
  row("lfu-log-factor", "integer", "1-4294967295", "10"),
  row("list-compress-depth", "integer", ANY_COUNT, "0"),
  row("list-max-listpack-size", "integer", "-5-4294967295", "-2"),
  row("maxmemory-clients", "string", "", "0"),
  row("maxmemory-policy", "string", POLICIES, "volatile-lru"),
  row("maxmemory-samples", "integer", "1-4294967295", "3"),
  row("min-replicas-max-lag", "integer", ANY_COUNT, "10"),
  row("min-replicas-to-write", "integer", ANY_COUNT, "0"),
  row("notify-keyspace-events", "string", "", ""),
  row("proto-max-bulk-len", "integer", "1048576-536870912", "536870912"),
  row("repl-backlog-size", "integer", "16384-4294967295", "1048576"),
  row("repl-backlog-ttl", "integer", ANY_COUNT, "3600"),
  row("repl-timeout", "integer", "11-60", "60"),
  row("reserved-memory-percent", "integer", "0-100", "25", { inRedis: false }),
  row("search-fanout-target-mode", "string", "default,client", "client", { inRedis: false }),
  row("set-max-intset-entries", "integer", ANY_COUNT, "512"),
  row("slowlog-log-slower-than", "integer", "-1-4294967295", "10000"),
  row("slowlog-max-len", "integer", ANY_COUNT, "128"),
  row("stream-node-max-bytes", "integer", ANY_COUNT, "4096"),
  row("stream-node-max-entries", "integer", ANY_COUNT, "100"),
  row("tcp-keepalive", "integer", ANY_COUNT, "300"),
  row("timeout", "integer", "0,20-4294967295", "0"),
  row("tracking-table-max-keys", "integer", "1-100000000", "1000000"),
  row("zset-max-listpack-entries", "integer", ANY_COUNT, "128"),
  row("zset-max-listpack-value", "integer", ANY_COUNT, "64"),
];

export const findParameter = (name: string): Parameter | undefined => PARAMETERS.find((one) => one.name === name);

/** Why a value cannot be; undefined when it can. */
export function valueFault({ name, type, allowed }: Parameter, value: string): string | undefined {
  if (name === "notify-keyspace-events") return /^[KEg$lszxeAtdmn]*$/.test(value) ? undefined : "must be made of the letters KEg$lszxeAtdmn";
  if (name === "maxmemory-clients") return /^\d+(%|k|kb|m|mb|g|gb)?$/i.test(value) ? undefined : "must be bytes or a share in %";
  if (type === "string") return allowed.split(",").includes(value) ? undefined : `must be one of ${allowed}`;
  const isIn = allowed.split(",").some((part) => {
    const [, from = "", to = from] = /^(-?\d+)(?:-(-?\d+))?$/.exec(part) ?? [];
    return Number(value) >= Number(from) && Number(value) <= Number(to);
  });
  return /^-?\d+$/.test(value) && isIn ? undefined : `must be a whole number in ${allowed}`;
}
