import { parse } from "yaml";
import { z } from "zod";
import { AwsError } from "../aws-error";

/** One step of a command document, ready to run. */
export interface CommandStep {
  name: string;
  /** A shell script. */
  script: string;
  workingDirectory: string | undefined;
  timeoutSeconds: number;
  /** Do the steps after it run though it failed? */
  continues: boolean;
}

/** Seconds that a step may take when its document does not say. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript */
const DEFAULT_TIMEOUT_SECONDS = 3600;

const value = z.union([z.string(), z.number(), z.boolean()]);

const parameter = z.object({
  type: z.enum(["String", "StringList", "Boolean", "Integer"]),
  default: z.union([value, z.array(value)]).optional(),
  allowedValues: z.array(value).optional(),
  allowedPattern: z.string().optional(),
});

/** The lab runs shell scripts, nothing else. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html */
const document = z.object({
  schemaVersion: z.literal("2.2"),
  parameters: z.record(z.string(), parameter).default({}),
  mainSteps: z
    .array(
      z.object({
        action: z.literal("aws:runShellScript", "must be aws:runShellScript, which the lab has"),
        name: z.string().regex(/^\w{1,128}$/),
        precondition: z.unknown().optional(),
        onFailure: z.string().optional(),
        inputs: z.object({
          runCommand: z.union([z.array(z.string()), z.string()]),
          workingDirectory: z.string().optional(),
          timeoutSeconds: z.union([z.string(), z.number()]).optional(),
          onFailure: z.string().optional(),
        }),
      }),
    )
    .min(1),
});

type Given = Readonly<Record<string, readonly string[]>>;

/** AWS's own document for any script. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html */
export const RUN_SHELL_SCRIPT = JSON.stringify({
  schemaVersion: "2.2",
  parameters: {
    commands: { type: "StringList" },
    workingDirectory: { type: "String", default: "" },
    executionTimeout: {
      type: "String",
      default: "3600",
      allowedPattern: "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)",
    },
  },
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: "runShellScript",
      inputs: { runCommand: "{{ commands }}", workingDirectory: "{{ workingDirectory }}", timeoutSeconds: "{{ executionTimeout }}" },
    },
  ],
});

/** The steps of a document with these parameters. @throws InvalidDocumentContent, InvalidParameters */
export function commandSteps(content: string, given: Given): CommandStep[] {
  const parsed = document.safeParse(parse(content));
  if (!parsed.success) throw new AwsError("InvalidDocumentContent", z.prettifyError(parsed.error));
  const { parameters, mainSteps } = parsed.data;
  const values = parameterValues(parameters, given);
  return mainSteps.map(({ name, onFailure, inputs }) => {
    const lines = typeof inputs.runCommand === "string" ? [inputs.runCommand] : inputs.runCommand;
    const timeout = filled(String(inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS), values);
    return {
      name,
      script: `${lines.map((line) => filled(line, values)).join("\n")}\n`,
      workingDirectory: filled(inputs.workingDirectory ?? "", values) || undefined,
      timeoutSeconds: Number(timeout) || DEFAULT_TIMEOUT_SECONDS,
      continues: !(onFailure ?? inputs.onFailure ?? "").toLowerCase().includes("exit"),
    };
  });
}

/** Every value as text: a list is one line for each of its members. */
function parameterValues(declared: Readonly<Record<string, z.infer<typeof parameter>>>, given: Given): Map<string, string> {
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) throw new AwsError("InvalidParameters", `Parameter ${unknown} is not defined in the document.`);
  const values = Object.entries(declared).map(([name, { type, default: byDefault, allowedValues, allowedPattern }]): [string, string] => {
    const fallback = byDefault === undefined ? undefined : [byDefault].flat().map(String);
    const chosen = given[name] ?? fallback;
    if (!chosen) throw new AwsError("InvalidParameters", `Parameter ${name} is required and has no value.`);
    if (type !== "StringList" && chosen.length !== 1)
      throw new AwsError("InvalidParameters", `Parameter ${name} must have one value, got ${chosen.length}.`);
    for (const one of chosen) {
      if (allowedValues && !allowedValues.map(String).includes(one))
        throw new AwsError("InvalidParameters", `Parameter ${name} must be of ${allowedValues.join(", ")}, got ${one}.`);
      if (allowedPattern && !new RegExp(`^(?:${allowedPattern})$`).test(one))
        throw new AwsError("InvalidParameters", `Parameter ${name} must match ${allowedPattern}, got ${one}.`);
    }
    return [name, chosen.join("\n")];
  });
  return new Map(values);
}

const filled = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (token, name: string) => values.get(name) ?? token);
