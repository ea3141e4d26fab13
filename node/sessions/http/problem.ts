import { SessionError, SessionTooLarge, StaleEpoch, StoreAway, VersionConflict } from "../errors";
import { entityTag } from "./entity-tag";

/** Seconds after which a refused request may be worth repeating. */
const RETRY_AFTER_SECONDS = 1;

/** A refusal, as RFC 9457 writes it. The detail names what was found and what is allowed; it holds no content of a session. */
export class Problem extends Error {
  override readonly name = "Problem";
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly extra: Readonly<Record<string, string | number>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  body(): string {
    const { status, code, message: detail, extra } = this;
    const sentence = code.replaceAll("-", " ");
    const title = sentence.charAt(0).toUpperCase() + sentence.slice(1);
    return `${JSON.stringify({ type: `urn:nplus1:problem:${code}`, title, status, detail, code, ...extra })}\n`;
  }
}

export const noSuchSession = (): Problem =>
  new Problem(404, "no-such-session", "there is no session with this id: it was never made, was destroyed, or has ended");

/** Undefined for what is no refusal but a fault of the program. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof SessionError)) return undefined;
  return new Problem(error.status, error.code, error.message, extraOf(error), headersOf(error));
}

function extraOf(error: SessionError): Record<string, string | number> {
  if (error instanceof SessionTooLarge) return { bytes: error.bytes, limitBytes: error.limitBytes };
  if (error instanceof StoreAway) return { waitedMs: error.waitedMs };
  if (error instanceof StaleEpoch) return { epoch: error.epoch, activeEpoch: error.activeEpoch };
  return {};
}

function headersOf(error: SessionError): Record<string, string> {
  if (error instanceof VersionConflict) return { etag: entityTag(error.current.version) };
  return error.status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {};
}
