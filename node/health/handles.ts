import { readdir, readFile } from "node:fs/promises";
import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";

const PROBE = "handles";
/** Per cent below the limit, from which on it is a warning. */
const WARN_BELOW = 8;
/** Full for so many milliseconds: what is short-lived has gone. */
const CERTAIN_MS = 1500;
/** Milliseconds between two looks: counting thousands of them costs. */
const EVERY_MS = 1000;

/** How many handles (files, sockets) each of the application's processes has open, of those that it may. */
export class Handles implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "handles" } as const;

  #lookedAt = Number.NEGATIVE_INFINITY;
  #found: Evidence = ok(PROBE);
  #fullSince: number | undefined;

  constructor(
    private readonly pids: () => Promise<number[]>,
    private readonly mostPercent: number,
    private readonly clock: () => number,
  ) {}

  async look(): Promise<Evidence> {
    if (this.clock() - this.#lookedAt < EVERY_MS) return this.#found;
    this.#lookedAt = this.clock();
    this.#found = await this.#look();
    return this.#found;
  }

  forget(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#fullSince = undefined;
  }

  async #look(): Promise<Evidence> {
    const uses = (await Promise.all((await this.pids()).map(handleUse))).filter((use) => use !== undefined);
    const [worst] = uses.sort((a, b) => b.percent - a.percent);
    const isFull = worst !== undefined && worst.percent >= this.mostPercent;
    this.#fullSince = isFull ? (this.#fullSince ?? this.clock()) : undefined;
    if (worst === undefined || worst.percent < this.mostPercent - WARN_BELOW) return ok(PROBE);
    const { pid, open, limit } = worst;
    const reason = `process ${pid} has ${open} handles open, of ${limit} that it may have`;
    const sinceMs = this.#fullSince === undefined ? 0 : this.clock() - this.#fullSince;
    const level = isFull ? (sinceMs >= CERTAIN_MS ? "fatal" : "bad") : "warn";
    return { probe: PROBE, level, cause: "handles", reason, sinceMs };
  }
}

interface HandleUse {
  pid: number;
  open: number;
  limit: number;
  percent: number;
}

/** Undefined of a process that is gone, or has no limit. */
async function handleUse(pid: number): Promise<HandleUse | undefined> {
  try {
    const [open, limits] = await Promise.all([readdir(`/proc/${pid}/fd`), readFile(`/proc/${pid}/limits`, "utf8")]);
    const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
    return limit > 0 ? { pid, open: open.length, limit, percent: (100 * open.length) / limit } : undefined;
  } catch {
    return undefined;
  }
}
