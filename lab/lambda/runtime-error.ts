/** What Lambda's own runtime finds wrong, by the names that it has there. @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/utils/errors.ts */
export type RuntimeErrorName =
  | "Runtime.ImportModuleError"
  | "Runtime.HandlerNotFound"
  | "Runtime.MalformedHandlerName"
  | "Runtime.UserCodeSyntaxError"
  | "Runtime.CallbackHandlerDeprecated"
  | "Runtime.UnhandledPromiseRejection"
  | "Runtime.JSONStringifyError";

export class RuntimeError extends Error {
  constructor(
    override readonly name: RuntimeErrorName,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

export interface ReportedError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** An error as a function's caller sees it; what was thrown need not be an Error. */
export function reported(thrown: unknown): ReportedError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") };
}
