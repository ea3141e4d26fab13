import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabFile } from "../../contract/lab-file";
import { Failure } from "../failure";
import { projectDir } from "../project";
import { labEnv } from "./env";
import { labDir } from "./place";

/** Stacks of the repository that exist in a fresh lab, so that each can be previewed in it. */
const STACKS = ["lab", "dev", "staging", "prod"];

interface Ran {
  code: number;
  lines: string[];
}

/** Runs one pulumi command on the lab's backend; each line of its output is handed on as it comes. */
export function pulumi(lab: LabFile, args: string[], onLine: (line: string) => void = () => undefined): Promise<Ran> {
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: projectDir(),
    env: { ...process.env, ...labEnv(lab) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, lines }));
  });
}

/** Makes the stacks of a fresh backend. The secrets of a lab are under a known passphrase: there is nothing real behind them. */
export async function makeStacks(lab: LabFile): Promise<void> {
  mkdirSync(join(labDir(), "pulumi"), { recursive: true });
  // Pulumi notes a new stack's secrets provider in Pulumi.<stack>.yaml; a copy of the project keeps that out of the checkout.
  const copy = mkdtempSync(join(labDir(), "stacks-"));
  try {
    for (const file of ["Pulumi.yaml", ...STACKS.map((stack) => `Pulumi.${stack}.yaml`)]) copyFileSync(join(projectDir(), file), join(copy, file));
    for (const stack of STACKS) {
      const { code, lines } = await pulumi(lab, ["stack", "select", "--create", stack, "--secrets-provider", "passphrase", "--cwd", copy]);
      if (code !== 0) throw new Failure(`pulumi stack select --create ${stack}: ${lines.join("\n")}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The lines of a failed run that say why, without the engine's frame around them. */
export function errorsIn(lines: readonly string[]): string[] {
  const errors: string[] = [];
  let inDiagnostics = false;
  for (const line of lines) {
    if (/^Diagnostics:/.test(line)) inDiagnostics = true;
    else if (/^(Resources|Duration|Outputs):/.test(line)) inDiagnostics = false;
    else if (inDiagnostics ? line.trim() !== "" : /^error: /.test(line)) errors.push(line.replace(/^ {2}/, ""));
  }
  return errors;
}
