import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { METRICS, metricsNamespace } from "../../contract/sentinel";

/** What one look counted. */
export interface Counted {
  serving: number;
  quarantined: number;
  commonCause: boolean;
}

/** The worst of a run's looks: a dip of seconds is what the alarms are for. Nothing without a look, which is an alarm of its own. */
export async function putMetrics(
  cloudwatch: Pick<CloudWatchClient, "send">,
  stack: string,
  wanted: number,
  looks: readonly Counted[],
): Promise<void> {
  if (looks.length === 0) return;
  const values = {
    [METRICS.serving]: Math.min(...looks.map(({ serving }) => serving)),
    [METRICS.wanted]: wanted,
    [METRICS.quarantined]: Math.max(...looks.map(({ quarantined }) => quarantined)),
    [METRICS.commonCause]: looks.some(({ commonCause }) => commonCause) ? 1 : 0,
  };
  const MetricData = Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Unit: "Count" as const }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: metricsNamespace(stack), MetricData }));
}
