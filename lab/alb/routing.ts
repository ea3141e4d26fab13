import type { Target } from "./desired-state";
import type { Health } from "./health";

/**
 * The targets of a group that get requests: the healthy ones; when there is none, all that are unhealthy (fail-open: one cause has hit them
 * all, and refusing everyone helps nobody). One that leaves gets none.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-attributes
 */
export function routedTargets<T extends Pick<Target, "draining">>(targets: readonly T[], stateOf: (target: T) => Health["state"]): T[] {
  const registered = targets.filter((target) => !target.draining);
  const inState = (state: Health["state"]) => registered.filter((target) => stateOf(target) === state);
  const healthy = inState("healthy");
  return healthy.length > 0 ? healthy : inState("unhealthy");
}
