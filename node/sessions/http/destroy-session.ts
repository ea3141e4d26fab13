import type { Answer } from "./answer";
import type { Ask, Core } from "./ask";
import { newestOf } from "./condition";
import { mustHold } from "./precondition";
import { noSuchSession } from "./problem";

/** From now on late writes to it are refused. */
export async function destroySession({ sessions }: Core, ask: Ask): Promise<Answer> {
  if (ask.ifMatch === undefined) {
    if (!(await sessions.destroy(ask.id))) throw noSuchSession();
    return { status: 204, headers: {} };
  }
  const current = await sessions.read(ask.id, newestOf(ask.ifMatch));
  mustHold({ ifMatch: ask.ifMatch, ifNoneMatch: undefined }, current);
  if (!(await sessions.destroy(ask.id, ask.ifMatch === "*" ? undefined : current?.version))) throw noSuchSession();
  return { status: 204, headers: {} };
}
