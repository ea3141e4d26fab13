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

/** Removal waits for the last connection of a server; one that stays behind gets nothing, and the next reload forgets it. */
const STAYS = /^(Server still has connections|still has connections|Already exists)/i;

function accept(command: string, answer: string, isOld: boolean): void {
  if (answer === "" || /^New server registered|^Server deleted/.test(answer) || isOld) return;
  if (command.startsWith("del server") || STAYS.test(answer) || /already exists/i.test(answer)) return;
  throw new Error(`haproxy: "${command}" was answered with "${answer}"`);
}
