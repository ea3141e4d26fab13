import { list, members, type Result } from "../query-protocol";
import type { Activities } from "./activities";
import { type Controller, SICKNESS } from "./controller";
import { activityXml, instanceDetailsXml } from "./describe";
import { isLeaving, type Member } from "./group";
import { groupOf, memberOf, resize } from "./lookup";
import { invalid, type Params } from "./parameters";

/** The instances of groups. */
export function instanceAnswers(controller: Controller, activities: Activities): Record<string, Result> {
  const newestOf = ({ group, id }: Member): string[] => {
    const activity = activities.of(group).find(({ description }) => description.includes(id));
    return activity ? [activityXml(activity)] : [];
  };
  const named = (p: Params): Member[] => members(p, "InstanceIds").map((id) => inGroup(memberOf(controller, id), p));
  const done = (): string => {
    controller.wake();
    return "";
  };
  return {
    DescribeAutoScalingInstances: async (p) => {
      const wanted = new Set(members(p, "InstanceIds"));
      const found = [...controller.members.values()].filter((member) => wanted.size === 0 || wanted.has(member.id));
      return list("AutoScalingInstances", found.map(instanceDetailsXml));
    },
    TerminateInstanceInAutoScalingGroup: async (p) => {
      const member = memberOf(controller, p.InstanceId);
      terminate(controller, member, p.ShouldDecrementDesiredCapacity === "true");
      done();
      return newestOf(member)
        .map((activity) => `<Activity>${activity}</Activity>`)
        .join("");
    },
    SetInstanceHealth: async (p) => {
      setHealth(controller, memberOf(controller, p.InstanceId), p);
      return done();
    },
    SetInstanceProtection: async (p) => {
      for (const member of named(p)) member.protectedFromScaleIn = p.ProtectedFromScaleIn === "true";
      return done();
    },
    EnterStandby: async (p) => {
      const group = groupOf(controller, p);
      const entering = named(p);
      for (const { id, state } of entering) if (state !== "InService") invalid(`The instance ${id} is not in InService.`);
      const before = group.desired;
      if (p.ShouldDecrementDesiredCapacity === "true") resize(group, {}, before - entering.length);
      const shrinking = group.desired < before ? `, shrinking the capacity from ${before} to ${group.desired}` : "";
      for (const member of entering)
        controller.enterStandby(member, `instance ${member.id} was moved to standby in response to a user request${shrinking}`);
      done();
      return list("Activities", entering.flatMap(newestOf));
    },
    ExitStandby: async (p) => {
      const group = groupOf(controller, p);
      const leaving = named(p);
      for (const { id, state } of leaving) if (state !== "Standby") invalid(`The instance ${id} is not in Standby.`);
      const before = group.desired;
      resize(group, {}, before + leaving.length);
      const growing = `, increasing the capacity from ${before} to ${group.desired}`;
      for (const member of leaving)
        controller.exitStandby(group, member, `instance ${member.id} was moved out of standby in response to a user request${growing}`);
      done();
      return list("Activities", leaving.flatMap(newestOf));
    },
  };
}

function inGroup(member: Member, p: Params): Member {
  if (member.group === p.AutoScalingGroupName) return member;
  return invalid(`The instance ${member.id} is not part of Auto Scaling group ${String(p.AutoScalingGroupName)}.`);
}

function terminate(controller: Controller, member: Member, decrements: boolean): void {
  // It goes already, and went out of the count once.
  if (isLeaving(member)) return;
  const group = controller.groups.get(member.group);
  // One on standby is not in the count.
  if (group && decrements && !member.state.endsWith("Standby")) resize(group, {}, group.desired - 1);
  controller.terminate(member, `instance ${member.id} was taken out of service in response to a user request`);
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html */
function setHealth(controller: Controller, member: Member, p: Params): void {
  const isHealthy = p.HealthStatus === "Healthy";
  if (!isHealthy && p.HealthStatus !== "Unhealthy") return invalid(`HealthStatus must be Healthy or Unhealthy, got ${String(p.HealthStatus)}`);
  const graceMs = (controller.groups.get(member.group)?.graceSeconds ?? 0) * 1000;
  const isInGrace = Date.now() - (member.inServiceAt ?? Date.now()) < graceMs;
  if (!isHealthy && isInGrace && p.ShouldRespectGracePeriod !== "false") return;
  // The dead stay dead, whatever is said of them.
  if (!member.dead) Object.assign(member, { healthy: isHealthy, sickness: isHealthy ? "" : SICKNESS.user });
}
