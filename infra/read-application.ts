import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { APPLICATION_FILE, type Application, applicationSchema } from "../contract/application";

/** The application in a folder. @throws Error that names the file, the keys, what is allowed and what was found. */
export function readApplication(folder: string): Application {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`nplus1:app: must be an application's folder, got ${folder}`);
  const file = join(folder, APPLICATION_FILE);
  if (!existsSync(file)) throw new Error(`${file}: must be there, every application has one (docs/application.md), got nothing`);
  const result = applicationSchema.safeParse(parseFile(file), { reportInput: true });
  if (result.success) return result.data;
  throw new Error([`${file} has faults (docs/application.md):`, ...result.error.issues.flatMap(faults)].join("\n  "));
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new Error(`${file}: must be YAML: ${error.message}`, { cause: error });
    throw error;
  }
}

function faults(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${[...issue.path, key].join(".")}: must be a known key`);
  return [`${issue.path.join(".") || "the whole file"}: ${allowed(issue)}, got ${JSON.stringify(issue.input) ?? "nothing"}`];
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `must be ${issue.expected}`;
  if (issue.code === "too_small") return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_union") return "must be { signal: … }, { http: … } or restart";
  return issue.message;
}
