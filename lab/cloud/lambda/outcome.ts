import type { Said } from "./runtime-api";
import type { InvocationStatus } from "./system-lines";

/** How an invocation is over. */
export interface Outcome {
  payload: Buffer;
  status: InvocationStatus;
}

/** The runtime's own word. */
export const told = ({ kind, payload }: Said): Outcome => ({ payload, status: kind === "response" ? "success" : "error" });

/** What Lambda says in place of a runtime that cannot. */
const failure = (requestId: string, errorType: string, what: string): Buffer =>
  Buffer.from(JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${what}` }));

export const timedOut = (requestId: string, what: string): Outcome => ({ payload: failure(requestId, "Sandbox.Timedout", what), status: "timeout" });

export const exited = (requestId: string, how: string): Outcome => ({
  payload: failure(requestId, "Runtime.ExitError", `Runtime exited with error: ${how}`),
  status: "error",
});

/** As Lambda names them. */
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: "killed",
  SIGABRT: "aborted",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

export const howItEnded = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit status ${code}` : `signal: ${SIGNALS[signal] ?? signal}`;
