import { randomUUID } from "node:crypto";
import type { Activities } from "./activities";
import type { CloudParts } from "./cloud-parts";
import { type Activity, type Group, type Hook, type HookWait, isLeaving, isOnStandby, type Member } from "./group";
import { expired, waitsAt } from "./hook-waits";
import { plan } from "./plan";
import { lifecycleEvent, outcomeEvent } from "./scaling-events";
import { Targets } from "./targets";

/** Wait after a failed launch, doubled with each further one, in milliseconds. */
const FIRST_BACK_OFF_MS = 5_000;
const LONGEST_BACK_OFF_MS = 60_000;

/** Wait before what failed while an instance left is tried again, in milliseconds. */
const LEAVE_AGAIN_MS = 1_000;

/** What makes a member sick, in the words of AWS's activities. */
export const SICKNESS = {
  ec2: "an EC2 health check indicating it has been terminated or stopped",
  elb: "an ELB system health check failure",
  user: "a user health-check",
};

/** Keeps the groups as they were asked for, by AWS's rules. All changes of members go through here. */
export class Controller {
  readonly groups = new Map<string, Group>();
  readonly members = new Map<string, Member>();
  readonly #targets: Targets;
  readonly #launches = new Set<Promise<void>>();
  #queued = false;
  #stopped = false;

  constructor(
    private readonly parts: CloudParts,
    private readonly activities: Activities,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#targets = new Targets(parts, onFailure);
  }

  membersOf(group: string): Member[] {
    return [...this.members.values()].filter((member) => member.group === group);
  }

  /** Instances run or are about to. */
  isBusy(group: Group): boolean {
    return group.launching.length > 0 || this.membersOf(group.name).length > 0;
  }

  /** Looks again, soon; any number of calls at once are one look. */
  wake(): void {
    if (this.#queued || this.#stopped) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (!this.#stopped) this.#look(Date.now());
    });
  }

  /** Nothing is launched or let go any more; resolves when the launches under way are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#launches);
  }

  /** What takes time goes on beside this, so that no group waits for another's. */
  #look(now: number): void {
    for (const group of this.groups.values()) {
      try {
        for (const member of this.membersOf(group.name)) this.#check(group, member, now);
        for (const step of plan(group, this.membersOf(group.name), now)) {
          const member = step.kind === "terminate" ? this.members.get(step.memberId) : undefined;
          if (step.kind === "launch") this.#launch(group, step.subnetId, step.cause);
          else if (member) this.terminate(member, step.cause);
        }
        if (group.deleting && !this.isBusy(group)) this.groups.delete(group.name);
      } catch (error) {
        this.onFailure(error);
      }
    }
  }

  #check(group: Group, member: Member, now: number): void {
    const isChecked = isLeaving(member) || !(group.suspended.has("HealthCheck") || isOnStandby(member));
    if (isChecked && !member.dead && !this.parts.isAlive(member.id)) {
      Object.assign(member, { dead: true, healthy: false, sickness: SICKNESS.ec2 });
    }
    if (member.state === "InService") {
      if (isChecked && this.#isUnhealthyTarget(group, member, now)) Object.assign(member, { healthy: false, sickness: SICKNESS.elb });
      if (!group.deleting && !group.suspended.has("AddToLoadBalancer")) this.#targets.follow(group, member);
    }
    // Nobody is left to complete a dead member's hooks, and a deleted group does not wait for any.
    if (member.dead || group.deleting) for (const wait of member.waits) this.complete(member, wait, "ABANDON", "the instance was terminated");
    else for (const { wait, result } of expired(group, member, now)) this.complete(member, wait, result, "Heartbeat Timeout");
  }

  #isUnhealthyTarget(group: Group, member: Member, now: number): boolean {
    if (!member.healthy || !group.healthCheckType.includes("ELB")) return false;
    if (now - (member.inServiceAt ?? now) < group.graceSeconds * 1000) return false;
    return group.targetGroupArns.some((arn) => this.parts.targetIsUnhealthy(arn, member.id));
  }

  #launch(group: Group, subnetId: string, cause: string): void {
    const activity = this.activities.begin(group.name, "Launching a new EC2 instance", cause);
    const launch = this.#boot(group, subnetId, activity).finally(() => {
      this.#launches.delete(launch);
      this.wake();
    });
    this.#launches.add(launch);
  }

  async #boot(group: Group, subnetId: string, activity: Activity): Promise<void> {
    const { launchTemplate, tags } = group;
    group.launching.push(subnetId);
    let zone: string;
    let id: string;
    try {
      zone = await this.parts.zoneOf(subnetId);
      ({ id } = await this.parts.launch({ group: group.name, subnetId, launchTemplate, tags }));
    } catch (error) {
      this.activities.end(activity, "Failed", error instanceof Error ? error.message : String(error));
      this.parts.emit(outcomeEvent("Launch Unsuccessful", group, activity, undefined));
      return this.#backOff(group);
    } finally {
      group.launching.splice(group.launching.indexOf(subnetId), 1);
    }
    activity.description = `Launching a new EC2 instance: ${id}`;
    this.activities.note(id, activity);
    const member = launched(group, { id, zone, subnetId, launchTemplate });
    this.members.set(id, member);
    this.#await(group, member, waitsAt("autoscaling:EC2_INSTANCE_LAUNCHING", group, member.launchedAt, randomUUID));
    if (member.waits.length === 0) this.#enterService(group, member);
  }

  #await(group: Group, member: Member, waits: HookWait[]): void {
    member.waits = waits;
    if (waits.length > 0) member.state = isLeaving(member) ? "Terminating:Wait" : "Pending:Wait";
    for (const wait of waits) this.parts.emit(lifecycleEvent(group, member, wait));
  }

  /** A hook's outcome: from the node, or its default when the time is over; `why` it was abandoned, in AWS's words. */
  complete(member: Member, wait: HookWait, result: Hook["defaultResult"], why = "Lifecycle Action Completed with ABANDON Result"): void {
    const group = this.groups.get(member.group);
    if (!group || !member.waits.includes(wait)) return;
    // The first that abandons ends them all.
    member.waits = result === "ABANDON" ? [] : member.waits.filter((other) => other !== wait);
    if (member.state === "Pending:Wait" && result === "ABANDON") {
      const failure = "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token";
      const activity = this.activities.endOf(member.id, "Cancelled", `${failure} ${wait.token} was abandoned: ${why}`);
      if (activity) this.parts.emit(outcomeEvent("Launch Unsuccessful", group, activity, member));
      this.#backOff(group);
      return this.terminate(member, "an instance was taken out of service in response to an abandoned lifecycle action");
    }
    if (member.waits.length > 0) return;
    if (isLeaving(member)) return this.#untilDone(() => this.#finish(group, member));
    member.state = "Pending:Proceed";
    this.#enterService(group, member);
  }

  #enterService(group: Group, member: Member): void {
    const isNew = member.inServiceAt === undefined;
    member.state = "InService";
    member.inServiceAt = Date.now();
    group.failures = 0;
    const activity = this.activities.endOf(member.id, "Successful", "");
    if (isNew && activity) this.parts.emit(outcomeEvent("Launch Successful", group, activity, member));
    if (!group.suspended.has("AddToLoadBalancer")) this.#targets.follow(group, member);
  }

  /** Takes a serving member out of its target groups and keeps it. */
  enterStandby(member: Member, cause: string): void {
    member.state = "EnteringStandby";
    this.activities.note(member.id, this.activities.begin(member.group, `Moving EC2 instance to Standby: ${member.id}`, cause));
    this.#untilDone(async () => {
      await this.#targets.leave(member, true);
      if (member.state !== "EnteringStandby") return;
      member.state = "Standby";
      this.activities.endOf(member.id, "Successful", "");
    });
  }

  exitStandby(group: Group, member: Member, cause: string): void {
    this.activities.note(member.id, this.activities.begin(group.name, `Moving EC2 instance out of Standby: ${member.id}`, cause));
    this.#enterService(group, member);
  }

  /** Begins to let a member go; the rest happens as its targets drain and its hooks complete. */
  terminate(member: Member, cause: string): void {
    const group = this.groups.get(member.group);
    if (isLeaving(member) || !group) return;
    this.activities.endOf(member.id, "Cancelled", `Instance ${member.id} is being terminated`);
    member.state = "Terminating";
    member.waits = [];
    this.activities.note(member.id, this.activities.begin(group.name, `Terminating EC2 instance: ${member.id}`, cause));
    this.#untilDone(() => this.#leave(group, member));
  }

  async #leave(group: Group, member: Member): Promise<void> {
    const isForced = (): boolean => member.dead || group.deleting;
    await this.#targets.leave(member, !isForced());
    const hasServed = member.inServiceAt !== undefined;
    if (hasServed && !isForced()) this.#await(group, member, waitsAt("autoscaling:EC2_INSTANCE_TERMINATING", group, Date.now(), randomUUID));
    if (member.waits.length === 0) await this.#finish(group, member);
  }

  async #finish(group: Group, member: Member): Promise<void> {
    member.state = "Terminating:Proceed";
    await this.parts.kill(member.id);
    this.members.delete(member.id);
    const activity = this.activities.endOf(member.id, "Successful", "");
    if (activity) this.parts.emit(outcomeEvent("Terminate Successful", group, activity, member));
    this.wake();
  }

  #untilDone(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (this.#stopped) return;
      this.onFailure(error);
      setTimeout(() => this.#untilDone(work), LEAVE_AGAIN_MS).unref();
    });
  }

  /** Launches that fail together count once. */
  #backOff(group: Group): void {
    const now = Date.now();
    if (now < group.nextLaunchAt) return;
    group.nextLaunchAt = now + Math.min(FIRST_BACK_OFF_MS * 2 ** group.failures, LONGEST_BACK_OFF_MS);
    group.failures += 1;
  }
}

function launched(group: Group, instance: Pick<Member, "id" | "zone" | "subnetId" | "launchTemplate">): Member {
  return {
    ...instance,
    group: group.name,
    state: "Pending",
    healthy: true,
    dead: false,
    sickness: "",
    launchedAt: Date.now(),
    inServiceAt: undefined,
    protectedFromScaleIn: group.protectsNew,
    registered: new Set(),
    waits: [],
  };
}
