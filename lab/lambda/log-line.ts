import { format } from "node:util";

/** Console methods by rank. @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
export const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
export type Level = (typeof LEVELS)[number];

export interface LineOptions {
  at: Date;
  requestId: string | undefined;
  json: boolean;
}

/** One call of the console as Lambda writes it. @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
export function logLine(level: Level, args: readonly unknown[], { at, requestId, json }: LineOptions): string {
  const timestamp = at.toISOString();
  if (!json) return [timestamp, requestId ?? "undefined", level, format(...args)].join("\t");
  const error = args.find((one) => one instanceof Error);
  return JSON.stringify({
    timestamp,
    level,
    requestId,
    message: args.length === 1 && typeof args[0] === "object" && !error ? args[0] : format(...args),
    ...(error ? { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? "").split("\n") } : {}),
  });
}

/** Lines below the wanted level are left out, in the JSON format only. */
export const isLogged = (level: Level, wanted: string | undefined, json: boolean): boolean => {
  const least = LEVELS.indexOf((wanted ?? "INFO") as Level);
  return !json || LEVELS.indexOf(level) >= (least === -1 ? LEVELS.indexOf("INFO") : least);
};
