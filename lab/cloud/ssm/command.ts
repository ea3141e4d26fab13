import type { CommandStep } from "./command-document";

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
export type Status = "Pending" | "InProgress" | "Success" | "Failed" | "TimedOut" | "Cancelled";

/** What a status is, in more detail. */
export type StatusDetails = Exclude<Status, "TimedOut"> | "DeliveryTimedOut" | "ExecutionTimedOut" | "Undeliverable" | "NoInstancesInTag";

export interface StepResult {
  name: string;
  status: Status;
  details: StatusDetails;
  /** -1 until it ended by itself. */
  code: number;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  stdout: string;
  stderr: string;
}

/** A command on one instance. */
export interface Invocation {
  instanceId: string;
  status: Status;
  details: StatusDetails;
  steps: StepResult[];
  cancel: AbortController;
}

export interface Command {
  id: string;
  documentName: string;
  documentVersion: string;
  comment: string;
  parameters: Readonly<Record<string, readonly string[]>>;
  requestedAt: Date;
  /** Seconds for the delivery. */
  timeoutSeconds: number;
  steps: readonly CommandStep[];
  instanceIds: readonly string[];
  targets: readonly { Key: string; Values: readonly string[] }[];
  invocations: Invocation[];
}

export const isOver = (status: Status): boolean => status !== "Pending" && status !== "InProgress";

/** One status for all instances: what goes on first, then the worst. */
export function statusOf({ invocations }: Command): { status: Status; details: StatusDetails } {
  if (invocations.length === 0) return { status: "Success", details: "NoInstancesInTag" };
  const order: Status[] = ["InProgress", "Pending", "Failed", "TimedOut", "Cancelled", "Success"];
  const worst = [...invocations].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))[0];
  return { status: worst?.status ?? "Success", details: worst?.details ?? "Success" };
}
