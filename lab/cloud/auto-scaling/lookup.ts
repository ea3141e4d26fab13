import type { Controller } from "./controller";
import type { Group, Member } from "./group";
import { checkSizes, invalid, type Params } from "./parameters";

/** @throws ValidationError when there is no such group. */
export const groupOf = (controller: Controller, p: Params): Group =>
  controller.groups.get(p.AutoScalingGroupName ?? "") ??
  invalid(`AutoScalingGroup name not found - AutoScalingGroup '${String(p.AutoScalingGroupName)}' not found`);

/** @throws ValidationError when no group has the instance. */
export const memberOf = (controller: Controller, id: string | undefined): Member =>
  controller.members.get(id ?? "") ?? invalid(`Instance Id not found - No managed instance found for instance ID: ${String(id)}`);

/** New bounds pull the desired capacity with them unless it is given too. @throws ValidationError when they contradict each other. */
export function resize(group: Group, bounds: { min?: number | undefined; max?: number | undefined }, desired: number | undefined): void {
  const min = bounds.min ?? group.min;
  const max = bounds.max ?? group.max;
  const wanted = { min, max, desired: desired ?? Math.min(Math.max(group.desired, min), max) };
  checkSizes(wanted);
  Object.assign(group, wanted);
}
