import * as pulumi from "@pulumi/pulumi";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { sentinelWatches, type Watch } from "./sentinel-watches";

export interface SentinelAlarmsArgs {
  stack: string;
  n: number;
  functionName: pulumi.Input<string>;
  /** As CloudWatch knows it: app/<name>/<id>. */
  loadBalancer: pulumi.Input<string>;
  topicArn: pulumi.Input<string>;
}

/** Seconds. */
const PERIOD = 60;

/** The cluster as a whole: does it serve, and is somebody watching it? */
export class SentinelAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: SentinelAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:SentinelAlarms", name, {}, opts);
    const child = { parent: this, dependsOn: opts?.dependsOn };
    for (const watch of sentinelWatches(args.stack, args.n)) new cloudwatch.MetricAlarm(`${name}-${watch.role}`, alarm(watch, args), child);
    this.registerOutputs();
  }
}

type Dimensions = Pick<cloudwatch.MetricAlarmArgs, "dimensions">;

function dimensions(of: Watch["of"], { functionName, loadBalancer }: SentinelAlarmsArgs): Dimensions {
  switch (of) {
    case "stack":
      return {};
    case "sentinel":
      return { dimensions: { FunctionName: functionName } };
    case "load balancer":
      return { dimensions: { LoadBalancer: loadBalancer } };
  }
}

const alarm = (watch: Watch, args: SentinelAlarmsArgs): cloudwatch.MetricAlarmArgs => ({
  alarmDescription: `nplus1 stack ${args.stack}: ${watch.says}`,
  namespace: watch.namespace,
  metricName: watch.metric,
  ...dimensions(watch.of, args),
  statistic: watch.statistic,
  comparisonOperator: watch.is === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
  threshold: watch.threshold,
  period: PERIOD,
  evaluationPeriods: watch.minutes,
  datapointsToAlarm: watch.minutes,
  treatMissingData: watch.silence,
  alarmActions: [args.topicArn],
  okActions: [args.topicArn],
});
