import { SessionGone, VersionConflict } from "../errors";
import type { Change, Snapshot } from "../model";
import { type Answer, JSON_TYPE, sessionAnswer } from "./answer";
import type { Ask, Core } from "./ask";
import type { JsonObject } from "./json";
import { fieldsOf, patched, replaced } from "./merge-patch";
import { mustHold } from "./precondition";
import { noSuchSession, Problem } from "./problem";
import { pathOf } from "./route";

export const PUT_TYPES = [JSON_TYPE];
export const PATCH_TYPES = ["application/merge-patch+json", JSON_TYPE];

const NO_CHANGE: Change = { set: new Map(), remove: new Set() };

/** This content and no other; a new session when there is none. */
export async function putSession(core: Core, ask: Ask): Promise<Answer> {
  const content = fieldsOf(await needed(ask, PUT_TYPES));
  try {
    return sessionAnswer(200, await modified(core, ask, (current) => replaced(current, content)), core.carried);
  } catch (error) {
    if (!(error instanceof SessionGone)) throw error;
    mustHold(ask, undefined);
    // Whoever has seen the session does not mean a new one: a late save must not bring back what was destroyed.
    if (ask.seen !== undefined) throw error;
  }
  const created = await core.sessions.create(ask.id, content, { ...ask.options, ifNew: ask.ifNoneMatch === "*" }).catch((error: unknown) => {
    if (error instanceof VersionConflict) mustHold(ask, error.current);
    throw error;
  });
  const answer = sessionAnswer(201, created, core.carried);
  return { ...answer, headers: { ...answer.headers, Location: pathOf(ask.id) } };
}

/** A JSON merge patch: keys that two patches do not share are never lost, in nested objects too. */
export async function patchSession(core: Core, ask: Ask): Promise<Answer> {
  const patch = await needed(ask, PATCH_TYPES);
  try {
    return sessionAnswer(200, await modified(core, ask, (current) => patched(current, patch)), core.carried);
  } catch (error) {
    if (!(error instanceof SessionGone)) throw error;
    mustHold(ask, undefined);
    throw ask.seen === undefined ? noSuchSession() : error;
  }
}

/** The conditions are those of the version that the change is made on, whichever that comes to be. */
async function modified({ sessions }: Core, ask: Ask, changeOf: (current: Snapshot) => Change): Promise<Snapshot> {
  const edit = (current: Snapshot): Change => {
    mustHold(ask, current);
    return changeOf(current);
  };
  const snapshot = await sessions.update(ask.id, edit, ask.options);
  // A change of nothing was not written, but it may have named another lifetime, and it was a use.
  const { lifetimeMs = snapshot.lifetimeMs } = ask.options;
  if (lifetimeMs !== snapshot.lifetimeMs) return sessions.merge(snapshot, NO_CHANGE, ask.options);
  await sessions.touch(snapshot);
  return snapshot;
}

async function needed(ask: Ask, types: readonly string[]): Promise<JsonObject> {
  const content = await ask.content(types);
  if (content === undefined) throw new Problem(400, "no-body", "body: must be a JSON object, got nothing");
  return content;
}
