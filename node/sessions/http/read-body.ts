import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "./problem";

export interface BodyLimits {
  bytes: number;
  /** Milliseconds from the request's headers to the body's last byte. */
  limitMs: number;
}

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** The body as text. Stops at the limit, and before the first byte when its length is known to be over it. @throws Problem, or the connection's error */
export async function readBody(request: IncomingMessage, response: ServerResponse, limits: BodyLimits): Promise<string> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > limits.bytes) throw tooLarge(limits.bytes, `got ${length}`, length);
  // The client may wait for a word before it sends the body. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
  if (request.headers.expect !== undefined) response.writeContinue();
  const bytes = await received(request, limits);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem(400, "malformed-json", "body: must be UTF-8");
  }
}

function received(request: IncomingMessage, { bytes: limitBytes, limitMs }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(
      () => end(() => reject(new Problem(408, "slow-body", `body: must arrive within ${limitMs} ms, got ${bytes} bytes`))),
      limitMs,
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
      request.pause();
      settle();
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limitBytes) end(() => reject(tooLarge(limitBytes, "got more", bytes)));
    };
    const onEnd = (): void => end(() => resolve(Buffer.concat(chunks)));
    const onError = (error: Error): void => end(() => reject(error));
    const onClose = (): void => end(() => reject(new Error("the connection was closed before the body's end")));
    request.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
  });
}

const tooLarge = (limitBytes: number, got: string, bytes: number): Problem =>
  new Problem(413, "body-too-large", `body: must have at most ${limitBytes} bytes, ${got}; nothing was changed`, { limitBytes, bytes });
