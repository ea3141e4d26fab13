import type { Units } from "./units";

/** A known process is believed this long before the service manager is asked again, in milliseconds. */
const BELIEVED_MS = 5000;

/** The main process of a unit, watched cheaply: a signal 0 each time, the service manager only when that fails or now and then. */
export class UnitProcess {
  readonly #units: Units;
  readonly #unit: string;
  #pid: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(units: Units, unit: string) {
    this.#units = units;
    this.#unit = unit;
  }

  async pid(): Promise<number | undefined> {
    const believed = performance.now() - this.#askedAt < BELIEVED_MS;
    if (believed && this.#pid !== undefined && isAlive(this.#pid)) return this.#pid;
    this.#pid = (await this.#units.status(this.#unit)).pid;
    this.#askedAt = performance.now();
    return this.#pid;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
