import * as pulumi from "@pulumi/pulumi";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { METRICS, metricsNamespace } from "../contract/sentinel";

export interface DashboardArgs {
  stack: string;
  region: string;
  /** As CloudWatch knows it: app/<name>/<id>. */
  loadBalancer: pulumi.Input<string>;
  functionName: pulumi.Input<string>;
  storeMemberIds: pulumi.Input<string>[];
  eventsLogGroup: pulumi.Input<string>;
}

/** One page: does the cluster serve, what was done to its nodes, how does the store feel. */
export function dashboard(name: string, args: DashboardArgs): cloudwatch.Dashboard {
  const known = pulumi.all([args.loadBalancer, args.functionName, pulumi.all(args.storeMemberIds), args.eventsLogGroup]);
  return new cloudwatch.Dashboard(name, {
    // CloudWatch takes letters, digits, - and _.
    dashboardName: `nplus1-${args.stack}`.replaceAll(/[^\w-]/g, "-"),
    dashboardBody: known.apply(([door, sentinel, members, log]) => JSON.stringify({ widgets: widgets(args, { door, sentinel, members, log }) })),
  });
}

interface Known {
  door: string;
  sentinel: string;
  members: string[];
  log: string;
}

type Metric = (string | { stat?: string; label?: string })[];

/** Of 24 columns. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const WIDTH = 12;
const HEIGHT = 6;

function widgets({ stack, region }: DashboardArgs, { door, sentinel, members, log }: Known) {
  const own = metricsNamespace(stack);
  const ofDoor = (metric: string, stat: string): Metric => ["AWS/ApplicationELB", metric, "LoadBalancer", door, { stat }];
  const ofStore = (metric: string): Metric[] =>
    members.map((member) => ["AWS/ElastiCache", metric, "CacheClusterId", member, "CacheNodeId", "0001", { label: `${metric} ${member}` }]);
  const charts: { title: string; metrics: Metric[] }[] = [
    {
      title: "Nodes that serve, and how many must",
      metrics: [
        [own, METRICS.serving, { stat: "Minimum" }],
        [own, METRICS.wanted, { stat: "Maximum" }],
      ],
    },
    {
      title: "Nodes taken out; a common cause",
      metrics: [
        [own, METRICS.quarantined, { stat: "Maximum" }],
        [own, METRICS.commonCause, { stat: "Maximum" }],
      ],
    },
    {
      title: "Requests answered with 5xx",
      metrics: [ofDoor("HTTPCode_ELB_5XX_Count", "Sum"), ofDoor("HTTPCode_Target_5XX_Count", "Sum"), ofDoor("RequestCount", "Sum")],
    },
    { title: "Seconds to an answer", metrics: ["p50", "p95", "p99"].map((stat) => ofDoor("TargetResponseTime", stat)) },
    {
      title: "Session store",
      metrics: [...ofStore("DatabaseMemoryUsagePercentage"), ...ofStore("EngineCPUUtilization"), ...ofStore("ReplicationLag")],
    },
    { title: "Sentinel", metrics: ["Errors", "Invocations"].map((metric) => ["AWS/Lambda", metric, "FunctionName", sentinel, { stat: "Sum" }]) },
  ];
  const query = `SOURCE '${log}' | fields detail.at, detail.event, detail.node, detail.reason | sort @timestamp desc | limit 100`;
  return [
    ...charts.map(({ title, metrics }, index) => ({
      type: "metric",
      x: (index % 2) * WIDTH,
      y: Math.floor(index / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { title, region, period: 60, view: "timeSeries", metrics },
    })),
    { type: "log", x: 0, y: 3 * HEIGHT, width: 2 * WIDTH, height: HEIGHT, properties: { title: "Events", region, query, view: "table" } },
  ];
}
