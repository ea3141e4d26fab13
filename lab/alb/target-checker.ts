import type { HealthCheck, Target } from "./desired-state";
import { type Health, observe, REGISTERED } from "./health";
import { probe } from "./probe";

/** Checks one target for as long as it is registered. */
export class TargetChecker {
  health: Health = REGISTERED;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly target: Target,
    private check: HealthCheck,
    private readonly onChange: () => void,
  ) {
    void this.#look();
  }

  /** A changed health check counts from the next look on; what is known of the target stays. */
  use(check: HealthCheck): void {
    this.check = check;
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { check } = this;
    const started = performance.now();
    const result = await probe(check, this.target, this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    const before = this.health;
    this.health = observe(before, result, check);
    const waitMs = Math.max(0, check.intervalSeconds * 1000 - (performance.now() - started));
    this.#timer = setTimeout(() => void this.#look(), waitMs);
    if (before.state !== this.health.state || before.reason !== this.health.reason) this.onChange();
  }
}
