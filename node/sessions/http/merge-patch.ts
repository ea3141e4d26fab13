import type { Change, Snapshot } from "../model";
import { type Json, type JsonObject, jsonText, parseJson } from "./json";

/** @see https://www.rfc-editor.org/rfc/rfc7396#section-2 */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (typeof patch === "string") return patch;
  const merged: JsonObject = new Map(typeof target === "object" ? target : []);
  for (const [key, value] of patch) {
    if (value === "null") merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return merged;
}

/** What a JSON merge patch changes of a session. */
export function patched({ fields }: Snapshot, patch: JsonObject): Change {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const [key, value] of patch) {
    const before = fields.get(key)?.json;
    if (value === "null") {
      if (before !== undefined) remove.add(key);
      continue;
    }
    // Only an object is merged into what is there.
    const target = typeof value === "string" || before === undefined ? undefined : parseJson(before);
    const after = jsonText(mergePatch(target, value));
    if (after !== before) set.set(key, after);
  }
  return { set, remove };
}

/** What makes a session have this content and no other. */
export function replaced({ fields }: Snapshot, content: ReadonlyMap<string, string>): Change {
  const set = new Map([...content].filter(([key, json]) => fields.get(key)?.json !== json));
  const remove = new Set([...fields.keys()].filter((key) => !content.has(key)));
  return { set, remove };
}

/** A session's keys, each with the JSON text of its value. */
export const fieldsOf = (content: JsonObject): Map<string, string> => new Map([...content].map(([key, value]) => [key, jsonText(value)]));

/** A session's content as one JSON object. */
export const contentText = ({ fields }: Snapshot): string => `{${[...fields].map(([key, { json }]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
