import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "./lab";

const FILES = ["lab", "dev", "staging", "prod"].map((stack) => join(projectDir, `Pulumi.${stack}.yaml`));

/** Pulumi writes to a stack's file: what is configured, and a new stack's secrets provider. The checkout is given back as it was. */
export function keepStackFiles(): void {
  const before = FILES.map((file) => readFileSync(file));
  afterAll(() => FILES.forEach((file, index) => writeFileSync(file, before[index] ?? "")));
}
