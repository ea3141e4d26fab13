import { AwsError } from "../aws-error";
import type { ServiceAnswer } from "../endpoint/service-answer";
import { jsonService } from "../json-protocol";
import { parseExpression } from "../schedules/expression";
import { InvalidExpression } from "../schedules/invalid-expression";
import { busName } from "./event";
import type { EventBus } from "./event-bus";
import { InvalidPattern, parsePattern } from "./event-pattern";

interface Entry {
  Source?: string;
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
  Resources?: string[];
  /** Seconds since the epoch. */
  Time?: number;
}

/** Entries of one call, and bytes of all of them. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;

/** EventBridge where it acts: moto keeps rules and targets. */
export function eventAnswers(bus: EventBus): ServiceAnswer {
  return jsonService({
    PutEvents: async (input) => {
      const entries = (input.Entries ?? []) as Entry[];
      if (entries.length === 0 || entries.length > MOST_ENTRIES) {
        throw new AwsError(
          "ValidationException",
          `Value at 'entries' failed to satisfy constraint: must have 1-${MOST_ENTRIES} members, got ${entries.length}`,
        );
      }
      if (Buffer.byteLength(JSON.stringify(entries)) > MOST_BYTES)
        throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
      const results = entries.map((entry) => put(bus, entry));
      return { FailedEntryCount: results.filter((one) => "ErrorCode" in one).length, Entries: results };
    },
    PutRule: async ({ EventPattern, ScheduleExpression }) => {
      if (typeof EventPattern === "string") checkPattern(EventPattern);
      if (typeof ScheduleExpression === "string") checkExpression(ScheduleExpression);
      return undefined;
    },
    TestEventPattern: async ({ EventPattern, Event }) => ({ Result: checkPattern(String(EventPattern))(JSON.parse(String(Event)) as object) }),
  });
}

function put(bus: EventBus, entry: Entry): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!entry[name])
      return { ErrorCode: "InvalidArgument", ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
  }
  if (entry.Source?.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: `Not authorized for the source: ${entry.Source}` };
  }
  const detail = parsedDetail(entry.Detail ?? "");
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const time = entry.Time === undefined ? {} : { time: new Date(entry.Time * 1000) };
  const fresh = { source: entry.Source ?? "", detailType: entry.DetailType ?? "", resources: entry.Resources ?? [], detail, ...time };
  return { EventId: bus.put(fresh, busName(entry.EventBusName)) };
}

function parsedDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function checkPattern(text: string): (event: object) => boolean {
  try {
    return parsePattern(text);
  } catch (error) {
    if (error instanceof InvalidPattern) throw new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${error.message}`);
    throw error;
  }
}

function checkExpression(text: string): void {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof InvalidExpression) throw new AwsError("ValidationException", `Parameter ScheduleExpression is not valid. ${error.message}`);
    throw error;
  }
}
