import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Units } from "../agent/units";
import { GATE_UNIT } from "../paths";

/** Starts the gate, or lets a running one read its configuration anew when that changed. */
export async function installGate(units: Units, file: string, config: string): Promise<void> {
  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (before !== config) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, config, { mode: 0o644 });
  }
  const { pid } = await units.status(GATE_UNIT);
  if (pid === undefined) await units.start(GATE_UNIT);
  else if (before !== config) await units.reload(GATE_UNIT);
}
