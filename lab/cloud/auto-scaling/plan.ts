import { type Group, isLeaving, isOnStandby, type Member } from "./group";

export type Step = { kind: "launch"; subnetId: string; cause: string } | { kind: "terminate"; memberId: string; cause: string };

/** What the group must do now: how many to launch and where, which to let go. */
export function plan(group: Group, members: readonly Member[], now: number): Step[] {
  const staying = members.filter((member) => !isLeaving(member));
  if (group.deleting)
    return staying.map(({ id }) => ({
      kind: "terminate",
      memberId: id,
      cause: "an instance was taken out of service in response to a user request to delete the group",
    }));
  const active = staying.filter((member) => !isOnStandby(member));
  return [...replacements(group, active), ...launches(group, active, now), ...scaleIn(group, active)];
}

/** Who counts towards the desired capacity: the sick do too while nothing may replace them. */
function counted(group: Group, active: readonly Member[]): Member[] {
  const replaces = !group.suspended.has("ReplaceUnhealthy") && !group.suspended.has("Terminate");
  return active.filter((member) => member.healthy || !replaces);
}

/**
 * A dead member goes at once; a sick one when its replacement serves, if the maintenance policy wants that. Where the policy has no room
 * to launch first, as many sick ones go as must make room: otherwise nothing would ever replace them.
 */
function replacements(group: Group, active: readonly Member[]): Step[] {
  if (group.suspended.has("ReplaceUnhealthy") || group.suspended.has("Terminate")) return [];
  const serving = active.filter((member) => member.healthy && member.state === "InService").length;
  const wanted = group.maintenance ? Math.ceil((group.desired * group.maintenance.minPercent) / 100) : 0;
  const healthy = active.filter((member) => member.healthy).length;
  const isComing = healthy > serving || group.launching.length > 0;
  const blocked = !isComing && roomToLaunch(group, active) <= 0 ? group.desired - healthy : 0;
  const sick = active.filter((member) => !member.healthy && !member.dead);
  const going = [...active.filter((member) => member.dead), ...(serving >= wanted ? sick : sick.slice(0, Math.max(0, blocked)))];
  return going.map(({ id, sickness }) => ({
    kind: "terminate",
    memberId: id,
    cause: `an instance was taken out of service in response to ${sickness}`,
  }));
}

/** What is sick but runs still takes a place, unless the policy lets the group grow beyond its size for a replacement. */
function roomToLaunch(group: Group, active: readonly Member[]): number {
  const alive = active.filter((member) => !member.dead).length + group.launching.length;
  const most = Math.floor((group.desired * Math.max(group.maintenance?.maxPercent ?? 100, 100)) / 100);
  return most - alive;
}

function launches(group: Group, active: readonly Member[], now: number): Step[] {
  if (group.suspended.has("Launch") || now < group.nextLaunchAt) return [];
  const present = counted(group, active);
  const count = Math.max(0, Math.min(group.desired - present.length - group.launching.length, roomToLaunch(group, active)));
  const placed = [...present.map((member) => member.subnetId), ...group.launching];
  const before = active.length + group.launching.length;
  return Array.from({ length: count }, (_, index) => {
    const subnetId = emptiest(group.subnetIds, placed);
    placed.push(subnetId);
    return { kind: "launch", subnetId, cause: causeOfLaunch(before + index, group.desired) };
  });
}

/** Beyond the desired capacity only a replacement is launched. */
function causeOfLaunch(before: number, desired: number): string {
  if (before >= desired) return "an instance was launched in response to an unhealthy instance needing to be replaced";
  return `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${before} to ${before + 1}`;
}

function scaleIn(group: Group, active: readonly Member[]): Step[] {
  if (group.suspended.has("Terminate")) return [];
  const left = counted(group, active);
  const steps: Step[] = [];
  while (left.length > group.desired) {
    const victim = firstToGo(group, left);
    if (!victim) break;
    const from = left.length;
    left.splice(left.indexOf(victim), 1);
    const cause = `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - 1}`;
    steps.push({ kind: "terminate", memberId: victim.id, cause });
  }
  return steps;
}

/**
 * From the zone that has most; there the oldest launch template, then the oldest. Undefined when all are protected.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
function firstToGo(group: Group, members: readonly Member[]): Member | undefined {
  const crowd = (member: Member): number => members.filter((other) => other.subnetId === member.subnetId).length;
  const isOldTemplate = (member: Member): boolean =>
    member.launchTemplate.id !== group.launchTemplate.id || member.launchTemplate.version !== group.launchTemplate.version;
  const [first] = members
    .filter((member) => !member.protectedFromScaleIn)
    .sort(
      (a, b) => crowd(b) - crowd(a) || Number(isOldTemplate(b)) - Number(isOldTemplate(a)) || a.launchedAt - b.launchedAt || (a.id < b.id ? -1 : 1),
    );
  return first;
}

function emptiest(subnetIds: readonly string[], placed: readonly string[]): string {
  const count = (subnetId: string): number => placed.filter((other) => other === subnetId).length;
  const [first] = [...subnetIds].sort((a, b) => count(a) - count(b));
  if (first === undefined) throw new Error("a group without subnets");
  return first;
}
