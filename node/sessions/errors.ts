import type { Snapshot } from "./model";

/** Everything the core refuses: `code` is for programs, the message for people; neither holds a session's content or a token. */
export abstract class SessionError extends Error {
  abstract readonly code: string;
  /** The HTTP status that says it best. */
  abstract readonly status: number;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Nothing was stored as far as is known; the same request may be sent again. */
export class StoreAway extends SessionError {
  readonly code = "store-away";
  readonly status = 503;
  constructor(
    readonly waitedMs: number,
    reason: string,
  ) {
    super(`the session store could not be reached within ${waitedMs} ms: ${reason}`);
  }
}

export class StoreFull extends SessionError {
  readonly code = "store-full";
  readonly status = 507;
  constructor() {
    super("the session store has no memory left; nothing was changed");
  }
}

/** An error that the store answered, in its words, but for the arguments that some of its answers repeat. */
export class StoreRefused extends SessionError {
  readonly code = "store-refused";
  readonly status = 503;
  constructor(answer: string) {
    super(`the session store refused: ${withoutArguments(answer)}`);
  }
}

export class SessionTooLarge extends SessionError {
  readonly code = "session-too-large";
  readonly status = 413;
  constructor(
    readonly bytes: number,
    readonly limitBytes: number,
  ) {
    super(`the session must have at most ${limitBytes} bytes, got ${bytes}; nothing was changed`);
  }
}

export class InvalidSessionId extends SessionError {
  readonly code = "invalid-session-id";
  readonly status = 400;
  constructor() {
    super("the session's id must be 1-128 visible ASCII characters without spaces; nothing was changed");
  }
}

export class InvalidSessionKey extends SessionError {
  readonly code = "invalid-session-key";
  readonly status = 400;
  constructor() {
    super("the session's keys must be well-formed Unicode; nothing was changed");
  }
}

/** Destroyed, or ended, before the write arrived. */
export class SessionGone extends SessionError {
  readonly code = "session-gone";
  readonly status = 410;
  constructor() {
    super("the session is no more; nothing was changed");
  }
}

export class VersionConflict extends SessionError {
  readonly code = "version-conflict";
  readonly status = 412;
  constructor(readonly current: Snapshot) {
    super("the session was modified in between; nothing was changed");
  }
}

/** This process belongs to a release that is not the active one any more. */
export class StaleEpoch extends SessionError {
  readonly code = "stale-epoch";
  readonly status = 503;
  constructor(
    readonly epoch: number,
    readonly activeEpoch: number,
  ) {
    super(`this release's epoch ${epoch} is over (active: ${activeEpoch}); nothing was changed`);
  }
}

/** `ERR unknown command 'X', with args beginning with: ...`: these may name a session or be one. */
export const withoutArguments = (answer: string): string => answer.replace(/,? with args beginning with.*/s, "").slice(0, 200);

/** Within the core: the connection ended or its server is no primary. Whether the command was run is not known; it may be sent again. */
export class LinkLost extends Error {
  override readonly name: string = "LinkLost";
}

/** Within the core: an answer that belongs to another question. Nothing that such a connection says can be believed. */
export class AnswersMixedUp extends LinkLost {
  override readonly name = "AnswersMixedUp";
  constructor() {
    super("the connection's answers were mixed up");
  }
}
