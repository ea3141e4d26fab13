import { VersionConflict } from "../errors";
import type { Snapshot } from "../model";
import { type Answer, sessionAnswer } from "./answer";
import type { Ask, Core } from "./ask";
import { mustHold } from "./precondition";
import { noSuchSession } from "./problem";
import { pathOf } from "./route";

/**
 * The same content under an id that nobody has seen: for a login, so that an id planted before is worth nothing after it. The old session is
 * destroyed only as it was copied: a modification made meanwhile is copied too.
 */
export async function regenerateSession(core: Core, ask: Ask): Promise<Answer> {
  const { sessions, carried, newId } = core;
  // The store is asked, whatever the client carried: the copy must be the newest.
  let old = await sessions.read(ask.id, undefined);
  for (;;) {
    mustHold(ask, old);
    if (old === undefined) throw noSuchSession();
    const id = newId();
    const created = await sessions.create(id, jsonOf(old), { lifetimeMs: old.lifetimeMs, aside: old.aside, ...ask.options });
    const outcome = await destroyed(core, old);
    if (outcome === "done") {
      const answer = sessionAnswer(201, created, carried);
      return { ...answer, headers: { ...answer.headers, Location: pathOf(id) } };
    }
    await sessions.destroy(id);
    old = outcome;
  }
}

/** The session as it is now, if it is not the one that was copied; undefined: someone else destroyed it. */
async function destroyed({ sessions }: Core, old: Snapshot): Promise<"done" | Snapshot | undefined> {
  try {
    return (await sessions.destroy(old.id, old.version)) ? "done" : undefined;
  } catch (error) {
    if (error instanceof VersionConflict) return error.current;
    throw error;
  }
}

const jsonOf = ({ fields }: Snapshot): Map<string, string> => new Map([...fields].map(([key, { json }]) => [key, json]));
