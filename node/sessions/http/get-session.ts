import type { Snapshot } from "../model";
import { type Answer, notModified, sessionAnswer } from "./answer";
import type { Ask, Core } from "./ask";
import { matchesWeakly } from "./condition";
import { mustHold } from "./precondition";
import { noSuchSession } from "./problem";

/** A use: the session's life begins anew. */
export async function getSession(core: Core, ask: Ask): Promise<Answer> {
  const snapshot = await found(core, ask);
  // The store is told at most once per tenth of the lifetime; when it is away, the next use tells it.
  core.sessions.touch(snapshot)?.catch(core.onFault);
  return answered(core, ask, snapshot, snapshot.lifetimeMs);
}

/** A look, which does not prolong the session's life. */
export async function headSession(core: Core, ask: Ask): Promise<Answer> {
  const snapshot = await found(core, ask);
  return answered(core, ask, snapshot, snapshot.endsAt - performance.now());
}

async function found({ sessions }: Core, ask: Ask): Promise<Snapshot> {
  const snapshot = await sessions.read(ask.id, ask.seen);
  mustHold({ ifMatch: ask.ifMatch, ifNoneMatch: undefined }, snapshot);
  if (snapshot === undefined) throw noSuchSession();
  return snapshot;
}

function answered({ carried }: Core, { ifNoneMatch }: Ask, snapshot: Snapshot, leftMs: number): Answer {
  if (ifNoneMatch !== undefined && matchesWeakly(ifNoneMatch, snapshot)) return notModified(snapshot, carried, leftMs);
  return sessionAnswer(200, snapshot, carried, leftMs);
}
