import type { Change, Snapshot } from "../model";
import { Keys } from "./keys";
import { KEYS, type KeysHolder, keysHandler } from "./keys-handler";
import { Session } from "./session";

/** What `req.session.update` gives to the program: the newest keys, to be changed as `req.session`'s are. */
class Draft implements KeysHolder {
  readonly [KEYS]: Keys;

  constructor(keys: Keys) {
    this[KEYS] = keys;
  }
}

/** Names that a session's keys cannot have. */
const handler = keysHandler<Draft>(Session.prototype, []);

/** @throws TypeError when the function is asynchronous: it may be called again at any time, with a newer session */
export function edited(current: Snapshot, edit: (draft: Record<string, unknown>) => unknown): Change {
  const keys = new Keys(current.fields);
  const result = edit(new Proxy(new Draft(keys), handler) as unknown as Record<string, unknown>);
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") {
    throw new TypeError("session.update: the function must not be asynchronous: it may be called more than once");
  }
  return keys.change() ?? { set: new Map(), remove: new Set() };
}
