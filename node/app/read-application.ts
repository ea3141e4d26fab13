import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { APPLICATION_FILE, type Application, applicationSchema } from "../../contract/application";
import { Refused } from "../release/refused";

/** The release's own words. They were checked before it was uploaded; a node trusts only what it reads itself. */
export async function readApplication(folder: string): Promise<Application> {
  const text = await readFile(join(folder, APPLICATION_FILE), "utf8").catch((cause: Error) => {
    throw new Refused(`${APPLICATION_FILE}: must be in the release`, { cause });
  });
  return parseApplication(text);
}

export function parseApplication(text: string): Application {
  const parsed = applicationSchema.safeParse(yaml(text));
  if (!parsed.success) throw new Refused(`${APPLICATION_FILE}: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, " ")}`);
  return parsed.data;
}

function yaml(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Refused(`${APPLICATION_FILE}: must be YAML: ${(cause as Error).message}`, { cause });
  }
}
