/** One metric of ElastiCache, and when it is trouble. */
export interface StoreWatch {
  role: string;
  metric: string;
  statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  is: "above" | "below";
  threshold: number;
  /** How long without a break. */
  minutes: number;
  /** A node that publishes nothing is gone, or is being replaced; told once, not by every alarm. */
  silence: "is told" | "is fine";
  /** For the person who reads it at night. */
  says: string;
}

export interface StoreSize {
  nodeType: string;
  mostNodes: number;
}

/** Of one cluster node: a process needs one, so this many are a leak. ElastiCache takes 65,000. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/BestPractices.Clients.Redis.Connections.html */
const NODE_CONNECTIONS = 100;

/** ElastiCache watches its own nodes by two to four. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
const OWN_CONNECTIONS = 4;

/** While a release takes over from another. */
const FLEETS = 2;

const MB = 1_000_000;

/**
 * Thresholds of AWS where it states one, ours where it leaves them to the use.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html (90 % of processor, 100 MB free)
 */
export function storeWatches({ nodeType, mostNodes }: StoreSize): StoreWatch[] {
  const mostConnections = FLEETS * mostNodes * NODE_CONNECTIONS + OWN_CONNECTIONS;
  // A micro has 0.5 GiB in all.
  const leastFree = (nodeType.endsWith(".micro") ? 50 : 100) * MB;
  return [
    {
      role: "evictions",
      metric: "Evictions",
      statistic: "Sum",
      is: "above",
      threshold: 0,
      minutes: 1,
      silence: "is fine",
      says: "sessions were evicted before their time: the parameter group must say noeviction, with which a full store refuses to write instead.",
    },
    {
      role: "memory",
      metric: "DatabaseMemoryUsagePercentage",
      statistic: "Average",
      is: "above",
      threshold: 80,
      minutes: 5,
      silence: "is told",
      says: "memory is over 80 %. At 100 % every modification of a session is refused: a larger sessionNodeType, or a shorter sessionLifetimeMinutes. Without data: the node is gone or being replaced.",
    },
    {
      role: "free",
      metric: "FreeableMemory",
      statistic: "Minimum",
      is: "below",
      threshold: leastFree,
      minutes: 5,
      silence: "is fine",
      says: `less than ${leastFree / MB} MB of the machine are free: it will swap, and everything that asks it waits. A larger sessionNodeType.`,
    },
    {
      // Seconds; what a failover loses when modifications are not acknowledged by a replica.
      role: "lag",
      metric: "ReplicationLag",
      statistic: "Maximum",
      is: "above",
      threshold: 5,
      minutes: 3,
      silence: "is fine",
      says: "this replica is more than 5 s behind. A failover now would lose that much, and with durability replica modifications wait for it.",
    },
    {
      role: "connections",
      metric: "CurrConnections",
      statistic: "Maximum",
      is: "above",
      threshold: mostConnections,
      minutes: 5,
      silence: "is fine",
      says: `more than ${NODE_CONNECTIONS} connections for every node that two fleets could have: something opens them and does not close them.`,
    },
    {
      role: "engine",
      metric: "EngineCPUUtilization",
      statistic: "Average",
      is: "above",
      threshold: 90,
      minutes: 5,
      silence: "is fine",
      says: "the engine's one thread is busy over 90 %: every command waits. A larger sessionNodeType.",
    },
    {
      // On machines of two processors AWS's own processes can starve the engine while its thread looks idle.
      role: "cpu",
      metric: "CPUUtilization",
      statistic: "Average",
      is: "above",
      threshold: 90,
      minutes: 5,
      silence: "is fine",
      says: "the machine as a whole is busy over 90 %, the engine with all that ElastiCache runs beside it. A larger sessionNodeType.",
    },
  ];
}
