import { METRICS, metricsNamespace } from "../contract/sentinel";

/** One metric, and when a person must look. */
export interface Watch {
  role: string;
  namespace: string;
  metric: string;
  /** Of the metric; the stack's own have none. */
  of: "stack" | "sentinel" | "load balancer";
  statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";
  is: "above" | "below";
  threshold: number;
  /** How long without a break. */
  minutes: number;
  /** Minutes without data. */
  silence: "breaching" | "notBreaching";
  /** For the person who reads it at night. */
  says: string;
}

/** Answers in a minute; a single one can be a client's own mischief. */
const MOST_5XX = 10;
/** Seconds, on average. */
const SLOW = 2;

export function sentinelWatches(stack: string, n: number): Watch[] {
  const own = { namespace: metricsNamespace(stack), of: "stack" } as const;
  const door = { namespace: "AWS/ApplicationELB", of: "load balancer", is: "above", silence: "notBreaching" } as const;
  return [
    {
      ...own,
      role: "serving",
      metric: METRICS.serving,
      statistic: "Minimum",
      is: "below",
      threshold: n,
      minutes: 2,
      silence: "notBreaching",
      says: `fewer than n = ${n} nodes serve. The events of the last minutes say why: nplus1 events.`,
    },
    {
      ...own,
      role: "common-cause",
      metric: METRICS.commonCause,
      statistic: "Maximum",
      is: "above",
      threshold: 0,
      minutes: 1,
      silence: "notBreaching",
      says: "more than half of the nodes look ill at once, or the session store is away: no node is taken out for it. The event common-cause says what they share.",
    },
    {
      ...own,
      role: "missing",
      metric: METRICS.serving,
      statistic: "SampleCount",
      is: "below",
      threshold: 1,
      minutes: 3,
      silence: "breaching",
      says: `the sentinel has counted nothing for 3 minutes: nobody acts for nodes whose agents are dead. Its log group is /nplus1/${stack}/sentinel.`,
    },
    {
      role: "errors",
      namespace: "AWS/Lambda",
      metric: "Errors",
      of: "sentinel",
      statistic: "Sum",
      is: "above",
      threshold: 0,
      minutes: 2,
      silence: "notBreaching",
      says: `the sentinel fails or runs out of time. Its log group is /nplus1/${stack}/sentinel.`,
    },
    {
      ...door,
      role: "door-5xx",
      metric: "HTTPCode_ELB_5XX_Count",
      statistic: "Sum",
      threshold: MOST_5XX,
      minutes: 1,
      says: `the load balancer itself has answered more than ${MOST_5XX} requests with 5xx: it found no node, or a node broke off.`,
    },
    {
      ...door,
      role: "nodes-5xx",
      metric: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      threshold: MOST_5XX,
      minutes: 3,
      says: `the nodes have answered more than ${MOST_5XX} requests a minute with 5xx, for 3 minutes: the application itself, or requests that a hung one had taken.`,
    },
    {
      ...door,
      role: "latency",
      metric: "TargetResponseTime",
      statistic: "Average",
      threshold: SLOW,
      minutes: 5,
      says: `the nodes have taken more than ${SLOW} s on average for 5 minutes.`,
    },
  ];
}
