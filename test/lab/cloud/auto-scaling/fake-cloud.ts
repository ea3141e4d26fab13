import type { NewEvent } from "../../../../lab/cloud/events/event";
import type { CloudParts } from "../../../../lab/cloud/auto-scaling/cloud-parts";

/** A cloud without a machine: launches at once, drains when told to. */
export class FakeCloud implements CloudParts {
  readonly launched: string[] = [];
  readonly killed: string[] = [];
  /** `register i-1`, `deregister i-1`, `drained i-1`, `kill i-1` in the order they came. */
  readonly log: string[] = [];
  readonly registered = new Set<string>();
  readonly events: NewEvent[] = [];
  readonly unhealthyTargets = new Set<string>();
  /** What the next launches fail with. */
  readonly refusals: string[] = [];
  /** Launches take until this resolves. */
  booting: Promise<void> = Promise.resolve();
  readonly #dead = new Set<string>();
  #next = 0;

  die(id: string): void {
    this.#dead.add(id);
  }

  async zoneOf(subnetId: string): Promise<string> {
    return `us-east-1${subnetId.at(-1)}`;
  }

  async launch(): Promise<{ id: string }> {
    const refusal = this.refusals.shift();
    if (refusal) throw new Error(refusal);
    this.#next += 1;
    const id = `i-${this.#next}`;
    this.launched.push(id);
    await this.booting;
    return { id };
  }

  async kill(id: string): Promise<void> {
    this.log.push(`kill ${id}`);
    this.killed.push(id);
  }

  isAlive(id: string): boolean {
    return !this.#dead.has(id);
  }

  async register(_: string, id: string): Promise<void> {
    this.log.push(`register ${id}`);
    this.registered.add(id);
  }

  async deregister(_: string, id: string): Promise<void> {
    this.log.push(`deregister ${id}`);
    this.registered.delete(id);
  }

  async drained(_: string, id: string): Promise<void> {
    this.log.push(`drained ${id}`);
  }

  emit(event: NewEvent): void {
    this.events.push(event);
  }

  targetIsUnhealthy(_: string, id: string): boolean {
    return this.unhealthyTargets.has(id);
  }
}
