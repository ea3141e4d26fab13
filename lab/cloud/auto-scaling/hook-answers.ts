import { list, members, type Result } from "../query-protocol";
import type { Controller } from "./controller";
import { hookXml } from "./describe";
import type { HookWait, Member } from "./group";
import { waitOf } from "./hook-waits";
import { groupOf } from "./lookup";
import { hook, invalid, type Params } from "./parameters";

/** Lifecycle hooks, and the instances that wait in them. */
export function hookAnswers(controller: Controller): Record<string, Result> {
  const done = (): string => {
    controller.wake();
    return "";
  };
  return {
    CompleteLifecycleAction: async (p) => {
      const result = p.LifecycleActionResult;
      if (result !== "CONTINUE" && result !== "ABANDON") return invalid(`LifecycleActionResult must be CONTINUE or ABANDON, got ${String(result)}`);
      const { member, wait } = waiting(controller, p);
      controller.complete(member, wait, result);
      return done();
    },
    RecordLifecycleActionHeartbeat: async (p) => {
      const { wait } = waiting(controller, p);
      const seconds = groupOf(controller, p).hooks.find(({ name }) => name === wait.hook)?.heartbeatSeconds ?? 0;
      wait.deadline = Math.min(Date.now() + seconds * 1000, wait.latest);
      return done();
    },
    PutLifecycleHook: async (p) => {
      const group = groupOf(controller, p);
      const wanted = hook(
        p,
        group.hooks.find(({ name }) => name === p.LifecycleHookName),
      );
      group.hooks = [...group.hooks.filter(({ name }) => name !== wanted.name), wanted];
      return done();
    },
    DeleteLifecycleHook: async (p) => {
      const group = groupOf(controller, p);
      if (!group.hooks.some(({ name }) => name === p.LifecycleHookName))
        return invalid(`No Lifecycle Hook found with name ${String(p.LifecycleHookName)}`);
      group.hooks = group.hooks.filter(({ name }) => name !== p.LifecycleHookName);
      return done();
    },
    DescribeLifecycleHooks: async (p) => {
      const names = new Set(members(p, "LifecycleHookNames"));
      const { name, hooks } = groupOf(controller, p);
      const found = hooks.filter((one) => names.size === 0 || names.has(one.name));
      return list(
        "LifecycleHooks",
        found.map((one) => hookXml(name, one)),
      );
    },
  };
}

/** Who waits in the hook: by the instance's id, the action's token, or both. @throws ValidationError when nobody does. */
function waiting(controller: Controller, p: Params): { member: Member; wait: HookWait } {
  const { InstanceId: id, LifecycleActionToken: token, LifecycleHookName: name } = p;
  const asked = controller.membersOf(groupOf(controller, p).name).filter((member) => id === undefined || member.id === id);
  const found = asked.flatMap((member) => {
    const wait = waitOf(member, name, token);
    return wait ? [{ member, wait }] : [];
  });
  const [first] = id === undefined && token === undefined ? [] : found;
  return first ?? invalid(`No active Lifecycle Action found with ${id === undefined ? `token ${String(token)}` : `instance ID ${id}`}`);
}
