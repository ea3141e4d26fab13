import { type Group, type Hook, type HookWait, isLeaving, type Member } from "./group";

/** How long a member may wait in a hook with heartbeats: so many of its timeouts, and never longer than two days, in milliseconds. */
const MOST_TIMEOUTS = 100;
const MOST_MS = 172_800_000;

/** The waits of a member that reaches a transition, one for each of its hooks, all at once. */
export function waitsAt(transition: Hook["transition"], group: Group, now: number, newToken: () => string): HookWait[] {
  return group.hooks
    .filter((hook) => hook.transition === transition)
    .map((hook) => {
      const timeout = hook.heartbeatSeconds * 1000;
      return { hook: hook.name, token: newToken(), deadline: now + timeout, latest: now + Math.min(timeout * MOST_TIMEOUTS, MOST_MS) };
    });
}

/** The wait that a call means: by its token, or by its hook's name. */
export function waitOf(member: Member | undefined, hook: string | undefined, token: string | undefined): HookWait | undefined {
  return member?.waits.find((wait) => wait.hook === hook && (token === undefined || wait.token === token));
}

/**
 * The waits whose time is over, each with what its hook does then. A hook that is deleted abandons who launches and lets go who leaves.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html
 */
export function expired(group: Group, member: Member, now: number): { wait: HookWait; result: Hook["defaultResult"] }[] {
  return member.waits.flatMap((wait) => {
    const hook = group.hooks.find(({ name }) => name === wait.hook);
    if (!hook) return [{ wait, result: isLeaving(member) ? ("CONTINUE" as const) : ("ABANDON" as const) }];
    return now >= wait.deadline ? [{ wait, result: hook.defaultResult }] : [];
  });
}
