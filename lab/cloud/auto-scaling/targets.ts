import type { CloudParts } from "./cloud-parts";
import type { Group, Member } from "./group";

/** Keeps members in the target groups of their group. */
export class Targets {
  /** The change of each member that is under way. */
  readonly #changing = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: Pick<CloudParts, "register" | "deregister" | "drained">,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Makes a serving member's target groups those of its group. What is refused is asked for again at the next call. */
  follow(group: Group, member: Member): void {
    if (this.#changing.has(member.id)) return;
    const missing = group.targetGroupArns.filter((arn) => !member.registered.has(arn));
    const foreign = [...member.registered].filter((arn) => !group.targetGroupArns.includes(arn));
    if (missing.length + foreign.length === 0) return;
    const change = this.#change(member, missing, foreign)
      .catch(this.onFailure)
      .finally(() => this.#changing.delete(member.id));
    this.#changing.set(member.id, change);
  }

  async #change(member: Member, missing: readonly string[], foreign: readonly string[]): Promise<void> {
    for (const arn of missing) {
      await this.parts.register(arn, member.id);
      member.registered.add(arn);
    }
    for (const arn of foreign) {
      await this.parts.deregister(arn, member.id);
      member.registered.delete(arn);
    }
  }

  /** Takes a member out of all its target groups; `drains`: and waits until they let go of it. */
  async leave(member: Member, drains: boolean): Promise<void> {
    // A registration that is under way would land after the deregistration.
    await this.#changing.get(member.id);
    const arns = [...member.registered];
    await Promise.all(arns.map((arn) => this.parts.deregister(arn, member.id)));
    if (drains) await Promise.all(arns.map((arn) => this.parts.drained(arn, member.id)));
    member.registered.clear();
  }
}
