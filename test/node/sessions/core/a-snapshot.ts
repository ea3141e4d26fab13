import type { Snapshot } from "../../../../node/sessions/model";
import { writeOf } from "../../../../node/sessions/version";

export const BORN = 1000;

/** A session at a version like `1005.w-2`, made by the writes of all versions named. */
export function aSnapshot(versions: readonly string[], rest: Partial<Snapshot> = {}): Snapshot {
  const all = versions.map((text) => ({ n: Number.parseInt(text, 10), write: text.slice(text.indexOf(".") + 1) }));
  return {
    id: "s",
    version: all.at(-1) as Snapshot["version"],
    fields: new Map(),
    tombstones: new Map(),
    writers: new Map(all.map((version) => [writeOf(version).writer, writeOf(version).seq])),
    born: BORN,
    aside: "",
    lifetimeMs: 60_000,
    endsAt: performance.now() + 60_000,
    ...rest,
  };
}
