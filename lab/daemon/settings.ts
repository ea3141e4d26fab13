import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What the command line hands to the daemon, all by environment. */
export interface DaemonSettings {
  labDir: string;
  labId: string;
  rootless: boolean;
  projectDir: string;
  tools: { node: string; venv: string; init: string; alb: string; lambda: string };
  /** The door's port; undefined: 8080, or the next free one. */
  httpPort: number | undefined;
}

/** @throws when a setting is missing: the daemon is started by the command line only. */
export function readSettings(env: NodeJS.ProcessEnv, uid: number): DaemonSettings {
  const wanted = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name}: must be set (nplus1 lab up sets it)`);
    return value;
  };
  const projectDir = wanted("NPLUS1_PROJECT");
  const folder = wanted("NPLUS1_LAB_DIR");
  mkdirSync(join(folder, "logs"), { recursive: true });
  const labDir = realpathSync(folder);
  return {
    labDir,
    labId: labIdOf(labDir),
    rootless: uid !== 0,
    projectDir,
    tools: {
      node: wanted("NPLUS1_NODE_DIR"),
      venv: wanted("NPLUS1_MOTO_DIR"),
      init: join(projectDir, "dist/lab/init.cjs"),
      alb: join(projectDir, "dist/lab/alb.cjs"),
      lambda: join(projectDir, "dist/lab/lambda.cjs"),
    },
    httpPort: env.NPLUS1_PORT ? Number(env.NPLUS1_PORT) : undefined,
  };
}

/** Two labs of two folders never share a name. */
export const labIdOf = (labDir: string): string => createHash("sha256").update(labDir).digest("hex").slice(0, 6);
