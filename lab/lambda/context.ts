import type { IncomingHttpHeaders } from "node:http";

/** What a handler is told besides the event. @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface Context {
  functionName: string | undefined;
  functionVersion: string | undefined;
  invokedFunctionArn: string;
  memoryLimitInMB: string | undefined;
  awsRequestId: string;
  logGroupName: string | undefined;
  logStreamName: string | undefined;
  clientContext: unknown;
  getRemainingTimeInMillis(): number;
}

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === "string" ? value : "";
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html (headers of the next invocation) */
export function contextOf(headers: IncomingHttpHeaders, env: NodeJS.ProcessEnv): Context {
  const deadline = Number(header(headers, "lambda-runtime-deadline-ms"));
  const client = header(headers, "lambda-runtime-client-context");
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: header(headers, "lambda-runtime-invoked-function-arn"),
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: header(headers, "lambda-runtime-aws-request-id"),
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: client === "" ? undefined : (JSON.parse(client) as unknown),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
