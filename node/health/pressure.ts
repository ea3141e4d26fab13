import { readdir, readFile } from "node:fs/promises";
import { type Evidence, ok } from "./evidence";
import { pressureOf } from "./pressure-file";
import type { Probe } from "./probe";

const PROBE = "pressure";
/** Over shorter times the counts say little, in milliseconds. */
const MEASURED_MS = 500;
/** Of the time that passed: threads that wait less than this are not held up. */
const WAITS = 0.25;
/** Looked at of each process: more cost more than they tell. */
const MOST_THREADS = 64;

/**
 * Whether the application's threads wait for a processor, longer than they run. It is a warning only, and other probes are then in less of a
 * hurry: silence of a starved application is no hang.
 */
export class Pressure implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "pressure" } as const;
  #before: { at: number; times: ReadonlyMap<string, Times> } | undefined;
  #found: Evidence = ok(PROBE);

  constructor(
    private readonly pids: () => Promise<number[]>,
    private readonly clock: () => number,
  ) {}

  async look(): Promise<Evidence> {
    const now = this.clock();
    if (this.#before !== undefined && now - this.#before.at < MEASURED_MS) return this.#found;
    const times = await threadTimes(await this.pids());
    const before = this.#before;
    this.#before = { at: now, times };
    if (before !== undefined) this.#found = await evidence(between(before.times, times), now - before.at);
    return this.#found;
  }

  forget(): void {
    this.#before = undefined;
    this.#found = ok(PROBE);
  }
}

async function evidence({ ranMs, waitedMs }: Times, passedMs: number): Promise<Evidence> {
  if (waitedMs < WAITS * passedMs || waitedMs <= ranMs) return ok(PROBE);
  const machine = Math.round(await pressureOf("cpu", "some"));
  const reason = `the application waited ${Math.round(waitedMs)} ms for a processor and ran ${Math.round(ranMs)} ms, in ${Math.round(passedMs)} ms`;
  return { probe: PROBE, level: "warn", cause: "pressure", reason: `${reason} (pressure of the machine: ${machine} %)`, sinceMs: passedMs };
}

interface Times {
  ranMs: number;
  waitedMs: number;
}

/** By thread, of those that were there both times. */
function between(before: ReadonlyMap<string, Times>, after: ReadonlyMap<string, Times>): Times {
  const sum = { ranMs: 0, waitedMs: 0 };
  for (const [thread, { ranMs, waitedMs }] of after) {
    const then = before.get(thread);
    if (then === undefined) continue;
    sum.ranMs += ranMs - then.ranMs;
    sum.waitedMs += waitedMs - then.waitedMs;
  }
  return sum;
}

/** @see https://docs.kernel.org/scheduler/sched-stats.html */
async function threadTimes(pids: readonly number[]): Promise<Map<string, Times>> {
  const folders = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
      return threads.slice(0, MOST_THREADS).map((thread) => `/proc/${pid}/task/${thread}`);
    }),
  );
  const all = await Promise.all(
    folders.flat().map(async (folder): Promise<[string, Times][]> => {
      const text = await readFile(`${folder}/schedstat`, "utf8").catch(() => undefined);
      const [ran = 0, waited = 0] = text?.split(" ").map(Number) ?? [];
      return text === undefined ? [] : [[folder, { ranMs: ran / 1e6, waitedMs: waited / 1e6 }]];
    }),
  );
  return new Map(all.flat());
}
