import type { HaproxyProcess } from "./haproxy-process";
import { type ServerStates, serverCommands } from "./server-states";

/** What each worker, the old ones included, has of the servers: an old worker's last requests must not go to a target that left. */
export class ServerFleet {
  readonly #known = new Map<number, ServerStates>();

  constructor(private readonly haproxy: Pick<HaproxyProcess, "workers" | "command">) {}

  /** After a start or a reload: the new worker has these states by its configuration. */
  async replaced(states: ServerStates): Promise<void> {
    const { current } = await this.haproxy.workers();
    for (const worker of current) this.#known.set(worker, states);
  }

  async steer(states: ServerStates): Promise<void> {
    const { current, old } = await this.haproxy.workers();
    for (const worker of this.#known.keys()) if (![...current, ...old].includes(worker)) this.#known.delete(worker);
    for (const [worker, known] of this.#known) {
      const isOld = old.includes(worker);
      for (const command of serverCommands(known, states)) {
        // An old worker lacks the groups that came later.
        if (isOld && command.startsWith("add server")) continue;
        accept(command, await this.haproxy.command(worker, command), isOld);
      }
      this.#known.set(worker, states);
    }
  }
}

/** What HAProxy says when a command did what it should. */
const DONE = /^$|^New server registered|^Server deleted/;

/**
 * A server is removed only when its last connection is gone; one that stays behind is in maintenance and "already exists" when it comes
 * back. An old worker may lack what a command names, or be gone by now.
 */
function accept(command: string, answer: string, isOld: boolean): void {
  if (isOld || DONE.test(answer) || command.startsWith("del server") || answer.startsWith("Already exists")) return;
  throw new Error(`haproxy: "${command}" was answered with "${answer}"`);
}
