import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { causeSchema } from "../../contract/events";
import type { Ladder } from "./ladder-state";

const ms = z.number();
const namedSchema = z.strictObject({ cause: causeSchema, reason: z.string(), dependency: z.string().nullable() });
const ladderSchema: z.ZodType<Ladder> = z.strictObject({
  step: z.enum(["starting", "healthy", "suspect", "quarantined", "repairing", "verifying", "failed"]),
  since: ms,
  fault: namedSchema.nullable(),
  last: namedSchema.nullable(),
  illSince: ms.nullable(),
  busy: z.enum(["ask-budget", "close-gate", "diagnose", "restart", "restart-gate", "open-gate", "give-back", "report-unhealthy"]).nullable(),
  hasToken: z.boolean(),
  isGateClosed: z.boolean(),
  isDiagnosed: z.boolean(),
  level: z.enum(["ok", "bad", "fatal"]),
  clean: z.int(),
  startTookMs: ms.nullable(),
  restarts: z.int(),
  failedRepairs: z.int(),
  restartedAt: ms.nullable(),
  restartBegunAt: ms.nullable(),
  notBefore: ms,
  told: z.array(z.string()),
});

/**
 * The ladder on a file system in memory: it outlives the agent, not the machine, whose clock its times are of. Written at once and whole,
 * before what it says is begun.
 */
export function keepLadder(file: string, ladder: Ladder): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(ladder), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined when there is none, or none that this agent understands: the node then begins as at its start. */
export function readLadder(file: string): Ladder | undefined {
  try {
    const parsed = ladderSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
