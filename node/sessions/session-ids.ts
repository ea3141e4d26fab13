import { SESSION_PREFIX } from "../../contract/sessions";
import type { Deadline } from "./deadline";
import { LinkLost } from "./errors";
import type { StoreLink } from "./store-link";

/** Keys looked at in one step of the store, which serves others in between. */
const SCAN_COUNT = 1000;

/** All sessions, by walking the store's keys: for counting and clearing, not for serving. Takes as long as there are keys. */
export class SessionIds {
  constructor(private readonly link: StoreLink) {}

  /** @throws StoreAway when the store cannot be reached, or goes away meanwhile */
  async list(deadline: Deadline): Promise<string[]> {
    await deadline.untilUp(this.link);
    try {
      return await this.#walk();
    } catch (error) {
      if (error instanceof LinkLost) throw deadline.away(error.message);
      throw error;
    }
  }

  async #walk(): Promise<string[]> {
    const ids = new Set<string>();
    let cursor = "0";
    do {
      const args = ["SCAN", cursor, "MATCH", `${SESSION_PREFIX}*`, "COUNT", String(SCAN_COUNT), "TYPE", "hash"];
      const [next, keys] = (await this.link.send(args)) as [string, string[]];
      cursor = String(next);
      const destroyed = await Promise.all(keys.map((key) => this.link.send(["HEXISTS", key, "d"])));
      for (const [index, key] of keys.entries()) if (Number(destroyed[index]) === 0) ids.add(key.slice(SESSION_PREFIX.length));
    } while (cursor !== "0");
    return [...ids];
  }
}
