import { type Answer, sessionAnswer } from "./answer";
import type { Ask, Core } from "./ask";
import type { JsonObject } from "./json";
import { fieldsOf } from "./merge-patch";
import { PUT_TYPES } from "./modify-session";
import { pathOf } from "./route";

/** A session with an id that nobody can guess; without a body an empty one. */
export async function makeSession({ sessions, carried, newId }: Core, ask: Ask): Promise<Answer> {
  const content = (await ask.content(PUT_TYPES)) ?? (new Map() as JsonObject);
  const id = newId();
  const answer = sessionAnswer(201, await sessions.create(id, fieldsOf(content), ask.options), carried);
  return { ...answer, headers: { ...answer.headers, Location: pathOf(id) } };
}
