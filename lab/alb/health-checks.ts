import type { Target, TargetGroup } from "./desired-state";
import type { Health } from "./health";
import { serverName } from "./names";
import type { TargetHealth } from "./report";
import { TargetChecker } from "./target-checker";

/** The health checks of all targets of a load balancer. */
export class HealthChecks {
  readonly #checkers = new Map<string, TargetChecker>();

  constructor(private readonly onChange: (targetGroupArn: string) => void) {}

  apply(groups: readonly TargetGroup[]): void {
    const wanted = new Set<string>();
    for (const group of groups) {
      for (const target of group.targets.filter((one) => !one.draining)) {
        const name = serverName(group.arn, target);
        wanted.add(name);
        const known = this.#checkers.get(name);
        if (known === undefined) this.#checkers.set(name, new TargetChecker(target, group.healthCheck, () => this.onChange(group.arn)));
        else known.use(group.healthCheck);
      }
    }
    for (const [name, checker] of this.#checkers) if (!wanted.has(name)) this.#drop(name, checker);
  }

  stateOf(targetGroupArn: string, target: Target): Health["state"] {
    return this.#checkers.get(serverName(targetGroupArn, target))?.health.state ?? "initial";
  }

  report(group: TargetGroup): TargetHealth[] {
    return group.targets.map((target) => {
      const place = { id: target.id, port: target.port };
      const health = this.#checkers.get(serverName(group.arn, target))?.health;
      if (target.draining || health === undefined) {
        return { ...place, state: "draining", reason: "Target.DeregistrationInProgress", description: "Target deregistration is in progress" };
      }
      const { state, reason, description } = health;
      return { ...place, state, ...(reason === undefined ? {} : { reason, description }) };
    });
  }

  stop(): void {
    for (const [name, checker] of this.#checkers) this.#drop(name, checker);
  }

  #drop(name: string, checker: TargetChecker): void {
    checker.stop();
    this.#checkers.delete(name);
  }
}
