import type { Activities } from "./activities";
import type { CloudParts } from "./cloud-parts";
import { type Group, type Hook, isLeaving, type Member } from "./group";
import { plan, type Step } from "./plan";

/** Wait after a failed launch, doubled with each further one, in milliseconds. */
const FIRST_BACK_OFF_MS = 5_000;
const LONGEST_BACK_OFF_MS = 60_000;

/** Wait before what failed while an instance left is tried again, in milliseconds. */
const LEAVE_AGAIN_MS = 1_000;

/** Keeps the groups as they were asked for, by AWS's rules. All changes of members go through here. */
export class Controller {
  readonly groups = new Map<string, Group>();
  readonly members = new Map<string, Member>();
  #running = Promise.resolve();
  #queued = false;
  #stopped = false;

  constructor(
    private readonly parts: CloudParts,
    private readonly activities: Activities,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  membersOf(group: string): Member[] {
    return [...this.members.values()].filter((member) => member.group === group);
  }

  /** Looks again, soon; any number of calls at once are one look. */
  wake(): void {
    if (this.#queued || this.#stopped) return;
    this.#queued = true;
    this.#running = this.#running.then(async () => {
      this.#queued = false;
      await this.#look(Date.now()).catch(this.onFailure);
    });
  }

  /** Nothing is launched or let go any more; resolves when what was under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #look(now: number): Promise<void> {
    for (const member of this.members.values()) await this.#check(member, now);
    for (const group of this.groups.values()) {
      await Promise.all(plan(group, this.membersOf(group.name), now).map((step) => this.#take(group, step)));
      if (group.deleting && this.membersOf(group.name).length === 0) this.groups.delete(group.name);
    }
  }

  async #check(member: Member, now: number): Promise<void> {
    const group = this.groups.get(member.group);
    if (!group) return;
    if (!member.dead && !this.parts.isAlive(member.id)) {
      member.dead = true;
      member.healthy = false;
    }
    const graceIsOver = now - member.launchedAt >= group.graceSeconds * 1000;
    if (member.state === "InService" && group.healthCheckType.includes("ELB") && graceIsOver) {
      if (group.targetGroupArns.some((arn) => this.parts.targetIsUnhealthy(arn, member.id))) member.healthy = false;
    }
    if (member.hookDeadline !== undefined && (now >= member.hookDeadline || member.dead)) {
      const hook = hookFor(group, member);
      await this.complete(member, member.dead ? "ABANDON" : (hook?.defaultResult ?? "CONTINUE"));
    }
  }

  async #take(group: Group, step: Step): Promise<void> {
    if (step.kind === "launch") return this.#launch(group, step.subnetId, step.cause);
    const member = this.members.get(step.memberId);
    if (member) this.terminate(member, step.cause);
  }

  async #launch(group: Group, subnetId: string, cause: string): Promise<void> {
    const activity = this.activities.begin(group.name, "Launching a new EC2 instance", cause);
    try {
      const zone = await this.parts.zoneOf(subnetId);
      const { launchTemplate, tags } = group;
      const { id } = await this.parts.launch({ group: group.name, subnetId, launchTemplate, tags });
      activity.description = `Launching a new EC2 instance: ${id}`;
      if (this.groups.get(group.name) !== group) {
        // The group was deleted meanwhile: nobody else would end this instance.
        await this.parts.kill(id);
        return this.activities.end(activity, "Cancelled", `Auto Scaling group ${group.name} was deleted`);
      }
      const hook = group.hooks.find(({ transition }) => transition === "autoscaling:EC2_INSTANCE_LAUNCHING");
      const member: Member = {
        id,
        group: group.name,
        zone,
        subnetId,
        launchTemplate,
        state: hook ? "Pending:Wait" : "Pending",
        healthy: true,
        dead: false,
        launchedAt: Date.now(),
        hookDeadline: hook ? Date.now() + hook.heartbeatSeconds * 1000 : undefined,
      };
      this.members.set(id, member);
      this.activities.note(id, activity);
      if (!hook) await this.#enterService(group, member);
    } catch (error) {
      this.activities.end(activity, "Failed", error instanceof Error ? error.message : String(error));
      this.#backOff(group);
    }
  }

  /** A hook's outcome: from the node, or its default when the time is over. */
  async complete(member: Member, result: "CONTINUE" | "ABANDON"): Promise<void> {
    const group = this.groups.get(member.group);
    member.hookDeadline = undefined;
    if (!group) return;
    if (member.state === "Terminating:Wait") return this.#finish(member);
    if (member.state !== "Pending:Wait") return;
    if (result === "CONTINUE") {
      member.state = "Pending:Proceed";
      return this.#enterService(group, member);
    }
    this.activities.endOf(member.id, "Cancelled", `Instance ${member.id} failed to complete the lifecycle action of hook ready: ABANDON`);
    this.#backOff(group);
    this.terminate(member, "the launching instance was abandoned");
  }

  async #enterService(group: Group, member: Member): Promise<void> {
    member.state = "InService";
    group.failures = 0;
    this.activities.endOf(member.id, "Successful", "");
    await Promise.all(group.targetGroupArns.map((arn) => this.parts.register(arn, member.id)));
  }

  /** Begins to let a member go; the rest happens as its targets drain and its hook completes. */
  terminate(member: Member, cause: string): void {
    if (isLeaving(member)) return;
    const group = this.groups.get(member.group);
    if (!group) return;
    const served = member.state === "InService";
    member.state = "Terminating";
    member.hookDeadline = undefined;
    this.activities.note(member.id, this.activities.begin(group.name, `Terminating EC2 instance: ${member.id}`, cause));
    this.#goUntilGone(group, member, served);
  }

  #goUntilGone(group: Group, member: Member, served: boolean): void {
    this.#leave(group, member, served).catch((error: unknown) => {
      if (this.#stopped) return;
      this.onFailure(error);
      setTimeout(() => this.#goUntilGone(group, member, served), LEAVE_AGAIN_MS);
    });
  }

  async #leave(group: Group, member: Member, served: boolean): Promise<void> {
    if (served) {
      await Promise.all(group.targetGroupArns.map((arn) => this.parts.deregister(arn, member.id)));
      if (!member.dead && !group.deleting) await Promise.all(group.targetGroupArns.map((arn) => this.parts.drained(arn, member.id)));
    }
    const hook = hookFor(group, member);
    if (hook && served && !member.dead && !group.deleting) {
      member.state = "Terminating:Wait";
      member.hookDeadline = Date.now() + hook.heartbeatSeconds * 1000;
      return;
    }
    await this.#finish(member);
  }

  async #finish(member: Member): Promise<void> {
    member.state = "Terminating:Proceed";
    await this.parts.kill(member.id);
    this.members.delete(member.id);
    this.activities.endOf(member.id, "Successful", "");
    this.wake();
  }

  #backOff(group: Group): void {
    group.nextLaunchAt = Date.now() + Math.min(FIRST_BACK_OFF_MS * 2 ** group.failures, LONGEST_BACK_OFF_MS);
    group.failures += 1;
  }
}

function hookFor(group: Group, member: Member): Hook | undefined {
  const transition = isLeaving(member) ? "autoscaling:EC2_INSTANCE_TERMINATING" : "autoscaling:EC2_INSTANCE_LAUNCHING";
  return group.hooks.find((hook) => hook.transition === transition);
}
