import { readFile } from "node:fs/promises";
import { type Evidence, type Fault, ok } from "./evidence";
import { pressureOf } from "./pressure-file";
import type { Probe } from "./probe";

const PROBE = "memory";
/** Per cent of the machine's memory that is left, below which it is a warning. */
const LEFT_PERCENT = 5;
/** Per cent of the last 10 s in which nothing on the machine could go on for want of memory. */
const STALLED_PERCENT = 10;
/** A peak is no leak: it must be so for this long, in milliseconds. */
const CERTAIN_MS = 1500;

/** What the application's processes hold of the machine's memory. That the machine has little left is not always the application's fault. */
export class Memory implements Probe {
  readonly name = PROBE;
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "memory" } as const;
  #since: number | undefined;

  constructor(
    private readonly pids: () => Promise<number[]>,
    private readonly mostPercent: number,
    private readonly clock: () => number,
  ) {}

  async look(): Promise<Evidence> {
    const [sizes, machine, stalled] = await Promise.all([
      this.pids().then((pids) => Promise.all(pids.map(ownKiB))),
      readFile("/proc/meminfo", "utf8"),
      pressureOf("memory", "full"),
    ]);
    const total = kiB(machine, "MemTotal");
    const held = (100 * sizes.reduce((sum, size) => sum + size, 0)) / total;
    if (held >= this.mostPercent) return this.#tooMuch(held);
    this.#since = undefined;
    const left = Math.round((100 * kiB(machine, "MemAvailable")) / total);
    if (left < LEFT_PERCENT) return warning(`the machine has ${left} % of its memory left, the application holds ${Math.round(held)} %`);
    if (stalled >= STALLED_PERCENT) return warning(`the machine stood still for want of memory for ${stalled} % of 10 s`);
    return ok(PROBE);
  }

  #tooMuch(held: number): Fault {
    this.#since ??= this.clock();
    const sinceMs = this.clock() - this.#since;
    const reason = `the application holds ${Math.round(held)} % of the machine's memory`;
    return { probe: PROBE, level: sinceMs >= CERTAIN_MS ? "fatal" : "bad", cause: "memory", reason, sinceMs };
  }

  forget(): void {
    this.#since = undefined;
  }
}

const warning = (reason: string): Fault => ({ probe: PROBE, level: "warn", cause: "memory", reason, sinceMs: 0 });

/** Not counted what processes share with each other: it would be counted many times. */
async function ownKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return kiB(status, "RssAnon");
}

const kiB = (text: string, key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
