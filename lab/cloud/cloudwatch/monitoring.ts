import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Reading } from "../session-store/readings";
import { storeMetrics } from "../session-store/store-metrics";
import type { Alarms } from "./alarms";

/** As often as ElastiCache publishes. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html */
const PERIOD_MS = 60_000;

/** Data points in one call, a CloudWatch limit. */
const MOST_DATA = 1000;

export interface MonitoringParts {
  cloudwatch: CloudWatchClient;
  alarms: Alarms;
  readings: () => Promise<Reading[]>;
  onFailure: (error: unknown) => void;
  periodMs?: number;
}

/** Once a minute: what the session stores say of themselves becomes ElastiCache's metrics, then the alarms are looked at. */
export class Monitoring {
  readonly #before = new Map<string, Reading>();
  readonly #ticking: NodeJS.Timeout;

  constructor(private readonly parts: MonitoringParts) {
    this.#ticking = setInterval(() => void this.tick().catch(parts.onFailure), parts.periodMs ?? PERIOD_MS);
  }

  async tick(): Promise<void> {
    const readings = await this.parts.readings();
    const data: MetricDatum[] = readings.flatMap((reading) => storeMetrics(reading, this.#before.get(reading.memberId)));
    this.#before.clear();
    for (const reading of readings) this.#before.set(reading.memberId, reading);
    for (let sent = 0; sent < data.length; sent += MOST_DATA) {
      const MetricData = data.slice(sent, sent + MOST_DATA);
      await this.parts.cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/ElastiCache", MetricData }));
    }
    await this.parts.alarms.look(true);
  }

  stop(): void {
    clearInterval(this.#ticking);
  }
}
