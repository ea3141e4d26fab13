import { type Evidence, ok } from "./evidence";
import type { Probe } from "./probe";

/** The application's main process. */
export class AppProcess implements Probe {
  readonly name = "process";
  readonly limitMs = 2000;
  readonly late = { level: "warn", cause: "process-gone" } as const;

  constructor(private readonly pid: () => Promise<number | undefined>) {}

  async look(): Promise<Evidence> {
    if ((await this.pid()) !== undefined) return ok(this.name);
    return { probe: this.name, level: "fatal", cause: "process-gone", reason: "the application's process is not running", sinceMs: 0 };
  }
}

/** The release that the node was made for, in place. */
export class ReleaseInPlace implements Probe {
  readonly name = "release";
  readonly limitMs = 1000;
  readonly late = { level: "warn", cause: "disk" } as const;

  constructor(private readonly isInPlace: () => Promise<boolean>) {}

  async look(): Promise<Evidence> {
    if (await this.isInPlace()) return ok(this.name);
    return { probe: this.name, level: "fatal", cause: "release", reason: "the release is not in place", sinceMs: 0 };
  }
}
