import type { DesiredState } from "./desired-state";
import { serverOptions } from "./backend";
import { backendName, serverName } from "./names";

export type Admin = "ready" | "maint";

/** `backend/server` → how it is to be: what one worker has, or shall have. */
export type ServerStates = ReadonlyMap<string, { admin: Admin; declaration: string }>;

/** `maint` is what a target that gets no requests is to HAProxy: it finishes what it has. */
export const serverStates = (state: DesiredState, usable: ReadonlySet<string>): ServerStates =>
  new Map(
    state.targetGroups.flatMap((group) =>
      group.targets.map((target) => {
        const name = serverName(group.arn, target);
        const declaration = `${target.ip}:${target.port} ${serverOptions(group)}`;
        return [`${backendName(group.arn)}/${name}`, { admin: usable.has(name) ? ("ready" as const) : ("maint" as const), declaration }] as const;
      }),
    ),
  );

/**
 * The commands that take a worker from one state to the other. A server that is not wanted any more has had its deregistration delay: what
 * it still holds is cut, as ALB does.
 * @see http://docs.haproxy.org/2.6/management.html#9.3
 */
export function serverCommands(from: ServerStates, to: ServerStates): string[] {
  const commands: string[] = [];
  for (const [server, { admin, declaration }] of to) {
    const before = from.get(server);
    if (before === undefined) commands.push(`add server ${server} ${declaration}`);
    if (admin !== (before?.admin ?? "maint")) commands.push(`set server ${server} state ${admin}`);
  }
  for (const [server, { admin }] of from) {
    if (to.has(server)) continue;
    if (admin === "ready") commands.push(`set server ${server} state maint`);
    commands.push(`shutdown sessions server ${server}`, `del server ${server}`);
  }
  // Those that open come first: at no instant has a group no server because one was closed before another opened.
  return commands.sort((a, b) => order(a) - order(b));
}

const order = (command: string): number => (command.startsWith("add") || command.endsWith("ready") ? 0 : 1);
