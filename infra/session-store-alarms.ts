import * as pulumi from "@pulumi/pulumi";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { type StoreWatch, storeWatches } from "./session-store-watches";

export interface SessionStoreAlarmsArgs {
  stack: string;
  nodeType: string;
  memberIds: pulumi.Input<string>[];
  /** The most nodes of the cluster that are connected at once. */
  mostNodes: number;
  topicArn: pulumi.Input<string>;
}

/** Seconds: how often ElastiCache publishes. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html */
const PERIOD = 60;

/** A node of a group without shards has one cache node. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/CacheMetrics.DimensionsAndSets.html */
const CACHE_NODE_ID = "0001";

/** The store tells of trouble before sessions feel it: each of its nodes, because each may be the primary. */
export class SessionStoreAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: SessionStoreAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:SessionStoreAlarms", name, {}, opts);
    const child = { parent: this, dependsOn: opts?.dependsOn };
    for (const [index, memberId] of args.memberIds.entries()) {
      for (const watch of storeWatches(args)) {
        const number = String(index + 1).padStart(3, "0");
        new cloudwatch.MetricAlarm(`${name}-${number}-${watch.role}`, alarm(watch, memberId, args), child);
      }
    }
    this.registerOutputs();
  }
}

function alarm(watch: StoreWatch, memberId: pulumi.Input<string>, { stack, topicArn }: SessionStoreAlarmsArgs): cloudwatch.MetricAlarmArgs {
  return {
    alarmDescription: `nplus1 stack ${stack}, session store: ${watch.says}`,
    namespace: "AWS/ElastiCache",
    metricName: watch.metric,
    dimensions: { CacheClusterId: memberId, CacheNodeId: CACHE_NODE_ID },
    statistic: watch.statistic,
    comparisonOperator: watch.is === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
    threshold: watch.threshold,
    period: PERIOD,
    evaluationPeriods: watch.minutes,
    datapointsToAlarm: watch.minutes,
    treatMissingData: watch.silence === "is told" ? "missing" : "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
    // Not at its creation: an alarm begins without data, and only a change is an action.
    ...(watch.silence === "is told" ? { insufficientDataActions: [topicArn] } : {}),
  };
}
