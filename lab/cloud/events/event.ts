/** An event as rules match it and targets get it. @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  /** ISO 8601 in seconds. */
  time: string;
  region: string;
  /** ARNs. */
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

export interface NewEvent {
  source: string;
  detailType: string;
  resources?: readonly string[];
  detail: Readonly<Record<string, unknown>>;
  /** Now when absent. */
  time?: Date;
}

export const DEFAULT_BUS = "default";

export function busEvent(fresh: NewEvent, id: string, now: Date): BusEvent {
  return {
    version: "0",
    id,
    "detail-type": fresh.detailType,
    source: fresh.source,
    account: "123456789012",
    time: (fresh.time ?? now).toISOString().replace(/\.\d+Z$/, "Z"),
    region: "us-east-1",
    resources: fresh.resources ?? [],
    detail: fresh.detail,
  };
}

/** A bus by its name or its ARN. */
export const busName = (reference: string | undefined): string => reference?.split("event-bus/").at(-1) || DEFAULT_BUS;
