import { contextOf } from "./context";
import { type Handler, loadHandler } from "./handler";
import { isLogged, type Level, logLine } from "./log-line";
import { type NextInvocation, RuntimeApiClient } from "./runtime-api-client";
import { reported, RuntimeError } from "./runtime-error";

/** Exit codes of Lambda's runtime. @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/index.ts */
const UNHANDLED_REJECTION = 128;
const UNCAUGHT_EXCEPTION = 129;

const { env } = process;
const api = new RuntimeApiClient(env.AWS_LAMBDA_RUNTIME_API ?? "");
let requestId: string | undefined;

/** The managed Node.js runtime of a function: loads its handler and gives it one invocation after the other. */
async function main(): Promise<void> {
  patchConsole();
  process.on("uncaughtException", (error) => void giveUp(error, UNCAUGHT_EXCEPTION));
  process.on("unhandledRejection", (reason) => {
    void giveUp(new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason), reason), UNHANDLED_REJECTION);
  });
  let handler: Handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT ?? "", env._HANDLER ?? "");
  } catch (error) {
    write("ERROR", ["Uncaught Exception", error]);
    await api.failInit(reported(error));
    process.exit(1);
  }
  for (;;) await invoke(handler, await api.next());
}

async function invoke(handler: Handler, { headers, event }: NextInvocation): Promise<void> {
  const context = contextOf(headers, env);
  requestId = context.awsRequestId;
  env._X_AMZN_TRACE_ID = String(headers["lambda-runtime-trace-id"] ?? "");
  let response: string;
  try {
    response = serialised(await handler(JSON.parse(event.toString()), context));
  } catch (error) {
    write("ERROR", ["Invoke Error", error]);
    return api.fail(context.awsRequestId, reported(error));
  }
  return api.respond(context.awsRequestId, response);
}

/** Nothing returned is null for the caller. */
function serialised(value: unknown): string {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch (error) {
    throw new RuntimeError("Runtime.JSONStringifyError", "Unable to stringify response body", error);
  }
}

/** The process must not go on: whoever waits for it is told by its end, and by this where someone listens. */
async function giveUp(error: Error, code: number): Promise<void> {
  write("ERROR", [error instanceof RuntimeError ? "Unhandled Promise Rejection" : "Uncaught Exception", error]);
  const told = requestId === undefined ? api.failInit(reported(error)) : api.fail(requestId, reported(error));
  await told.catch(() => undefined);
  process.exit(code);
}

function patchConsole(): void {
  const methods = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" } as const;
  const patched = Object.entries(methods).map(([method, level]) => [method, (...args: unknown[]) => write(level, args)]);
  Object.assign(globalThis.console, Object.fromEntries(patched));
}

function write(level: Level, args: readonly unknown[]): void {
  const json = env.AWS_LAMBDA_LOG_FORMAT === "JSON";
  if (!isLogged(level, env.AWS_LAMBDA_LOG_LEVEL, json)) return;
  // One call is one line for who reads it, as in Lambda's own runtime.
  const line = logLine(level, args, { at: new Date(), requestId, json }).replaceAll("\n", "\r");
  process.stdout.write(`${line}\n`);
}

void main();
