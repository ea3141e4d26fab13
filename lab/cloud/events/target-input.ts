import type { Target } from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "./event";

/** What a target gets of an event. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
export function targetInput({ Input, InputPath, InputTransformer }: Target, event: BusEvent, rule: { name: string; arn: string }): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const known: Record<string, unknown> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": event.time,
    "aws.events.event.json": event,
  };
  for (const [name, path] of Object.entries(InputTransformer.InputPathsMap ?? {})) known[name] = valueAt(event, path);
  return filled(InputTransformer.InputTemplate ?? "", known);
}

/** `$.detail.nodes[0].id` */
function valueAt(event: BusEvent, path: string): unknown {
  const steps = path.replace(/^\$\.?/, "").match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], event);
}

/** A name stands for its value: bare inside quotation marks, as JSON elsewhere; one that is not there for nothing. */
function filled(template: string, known: Readonly<Record<string, unknown>>): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (token: string, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    if (name === undefined || !(name in known)) return token;
    const json = JSON.stringify(known[name] ?? "");
    return isQuoted && json.startsWith('"') ? json.slice(1, -1) : json;
  });
}
