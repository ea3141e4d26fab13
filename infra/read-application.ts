import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { APPLICATION_FILE, type Application, applicationSchema } from "../contract/application";

/** The application in a folder. @throws Error that names the file, the keys, what was found and what is allowed. */
export function readApplication(folder: string): Application {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`nplus1:app: must be an application's folder, got ${folder}`);
  const file = join(folder, APPLICATION_FILE);
  if (!existsSync(file)) throw new Error(`${file}: missing; every application has one (docs/application.md)`);
  const result = applicationSchema.safeParse(parseFile(file), { reportInput: true });
  if (result.success) return result.data;
  throw new Error([`${file} has faults:`, ...result.error.issues.map(fault)].join("\n  "));
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new Error(`${file}: ${error.message}`);
    throw error;
  }
}

function fault(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".") || "the file";
  return issue.code === "unrecognized_keys" ? `${path}: unknown keys ${issue.keys.join(", ")}` : `${path}: ${issue.message}, got ${JSON.stringify(issue.input)}`;
}
