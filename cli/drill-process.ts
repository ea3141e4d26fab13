import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DRILL_ORDER, type DrillLine, drillLineSchema, type DrillOrder } from "../contract/drill";
import { projectDir } from "./project";

/**
 * Runs drills in a process of their own, so that nothing here disturbs what they measure. It mends what it broke when this process ends, however.
 * Resolves with its exit code.
 */
export async function runDrills(order: DrillOrder, onLine: (line: DrillLine) => void): Promise<number> {
  const child = spawn(process.execPath, ["--enable-source-maps", join(projectDir(), "dist/lab/drill.cjs")], {
    env: { ...process.env, [DRILL_ORDER]: JSON.stringify(order) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const stop = (): void => void child.kill("SIGTERM");
  for (const signal of SIGNALS) process.on(signal, stop);
  createInterface({ input: child.stdout }).on("line", (line) => onLine(drillLineSchema.parse(JSON.parse(line))));
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
