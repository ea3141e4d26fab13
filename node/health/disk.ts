import { stat, statfs } from "node:fs/promises";
import { type Evidence, type Fault, ok } from "./evidence";
import type { Probe } from "./probe";
import { writeCheck, type Writer } from "./write-check";

const PROBE = "disk";
/** Milliseconds between two looks: each one writes. */
const EVERY_MS = 2000;
/** A write that fails must fail for this long to be certain, in milliseconds. */
const CERTAIN_MS = 4000;
const MIB = 1024 * 1024;
/** A warning: per cent that is left, or so many times the least. */
const WARN_PERCENT = 5;
const WARN_TIMES = 5;
/** One per cent of a large disk is still a lot: too little only below so many times the least. */
const BAD_PERCENT = 1;
const PERCENT_COUNTS_TIMES = 50;

export interface DiskArgs {
  /** Where it matters that there is room; those on one disk are looked at once. */
  places: readonly { folder: string; writer: Writer | undefined }[];
  leastMiB: number;
  clock: () => number;
}

/** Room and writing, by a process of its own: on a disk that hangs, it hangs alone, and this look is late. */
export class Disk implements Probe {
  readonly name = PROBE;
  readonly limitMs = 2000;
  readonly late = { level: "bad", cause: "disk" } as const;
  readonly #args: DiskArgs;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #failsSince: number | undefined;
  #found: Evidence = ok(PROBE);

  constructor(args: DiskArgs) {
    this.#args = args;
  }

  async look(): Promise<Evidence> {
    const { clock } = this.#args;
    if (clock() - this.#lookedAt < EVERY_MS) return this.#found;
    this.#lookedAt = clock();
    this.#found = await this.#look();
    return this.#found;
  }

  async #look(): Promise<Evidence> {
    const { places, leastMiB, clock } = this.#args;
    const disks = new Map<number, DiskArgs["places"][number]>();
    for (const place of places) {
      const { dev } = await stat(place.folder);
      if (!disks.has(dev)) disks.set(dev, place);
    }
    for (const { folder, writer } of disks.values()) {
      const failed = await writeCheck(folder, writer);
      if (failed === undefined) continue;
      this.#failsSince ??= clock();
      const sinceMs = clock() - this.#failsSince;
      const level = sinceMs >= CERTAIN_MS ? "fatal" : "bad";
      return { probe: PROBE, level, cause: "disk", reason: `a file in ${folder} cannot be written: ${failed}`, sinceMs };
    }
    this.#failsSince = undefined;
    const rooms = await Promise.all([...disks.values()].map(async ({ folder }) => room(folder, await statfs(folder), leastMiB)));
    return rooms.find((one) => one?.level === "bad") ?? rooms.find((one) => one !== undefined) ?? ok(PROBE);
  }
}

/** Undefined where there is enough. */
export function room(folder: string, disk: { bsize: number; blocks: number; bavail: number }, leastMiB: number): Fault | undefined {
  const freeMiB = (disk.bavail * disk.bsize) / MIB;
  const percent = disk.blocks === 0 ? 100 : (100 * disk.bavail) / disk.blocks;
  const isBad = freeMiB < leastMiB || (percent < BAD_PERCENT && freeMiB < PERCENT_COUNTS_TIMES * leastMiB);
  if (!isBad && percent >= WARN_PERCENT && freeMiB >= WARN_TIMES * leastMiB) return undefined;
  const reason = `the disk of ${folder} has ${Math.floor(freeMiB)} MiB left (${percent.toFixed(1)} %)`;
  return { probe: PROBE, level: isBad ? "bad" : "warn", cause: "disk", reason, sinceMs: 0 };
}
