import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import { type HttpAnswer, jsonAnswer } from "../endpoint/service-answer";
import type { RestRequest, RestRoutes } from "../rest-protocol";
import type { AsyncEvents } from "./async-events";
import { type FunctionVersion, LATEST, type LambdaFunction } from "./function";
import type { Functions } from "./functions";
import type { Runner } from "./runner";
import type { Invoked } from "./sandbox";

/** Bytes. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_SYNCHRONOUS = 6_291_456;
const MOST_ASYNCHRONOUS = 1_048_576;
const MOST_ANSWERED = 6_291_556;
const MOST_LOG = 4096;

/** Invocations. @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeAnswers(functions: Functions, runner: Runner, events: AsyncEvents): RestRoutes {
  return {
    "POST /2015-03-31/functions/{name}/invocations": async (request) => {
      const { fn, version } = functions.version(request.path.name ?? "", request.query.get("Qualifier"));
      const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
      const payload = payloadOf(request, type === "Event" ? MOST_ASYNCHRONOUS : MOST_SYNCHRONOUS);
      if (fn.state !== "Active") {
        const what = `The function is currently in the following state: ${fn.state}`;
        throw new AwsError("ResourceConflictException", `The operation cannot be performed at this time. ${what}`, 409);
      }
      if (type === "DryRun") return jsonAnswer(204, undefined);
      if (type === "Event") {
        events.take(fn, () => servingOf(fn, version), payload);
        return jsonAnswer(202, undefined);
      }
      const requestId = randomUUID();
      const context = request.headers["x-amz-client-context"];
      const clientContext = typeof context === "string" ? Buffer.from(context, "base64").toString() : undefined;
      const invoked = await runner.run(fn, servingOf(fn, version), { requestId, functionArn: arnOf(fn, version), payload, clientContext });
      return answered(invoked, version, requestId, request.headers["x-amz-log-type"] === "Tail");
    },
  };
}

/** `$LATEST` is what serves now. */
const servingOf = (fn: LambdaFunction, version: FunctionVersion): FunctionVersion => (version.version === LATEST ? fn.serving : version);

const arnOf = (fn: LambdaFunction, { version }: FunctionVersion): string => (version === LATEST ? fn.arn : `${fn.arn}:${version}`);

/** No payload is an empty object. */
function payloadOf({ body }: RestRequest, most: number): Buffer {
  if (body.length > most)
    throw new AwsError("RequestTooLargeException", `Request must be smaller than ${most} bytes for the InvokeFunction operation`, 413);
  if (body.length === 0) return Buffer.from("{}");
  try {
    JSON.parse(body.toString());
    return body;
  } catch (error) {
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: ${(error as Error).message}`);
  }
}

function answered({ payload, failed, lines }: Invoked, { version }: FunctionVersion, requestId: string, withLog: boolean): HttpAnswer {
  const isTooLarge = payload.length > MOST_ANSWERED;
  const tooLarge = {
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MOST_ANSWERED} bytes).`,
    errorType: "Function.ResponseSizeTooLarge",
  };
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": requestId,
      "x-amz-executed-version": version,
      ...(failed || isTooLarge ? { "x-amz-function-error": "Unhandled" } : {}),
      ...(withLog
        ? {
            "x-amz-log-result": Buffer.from(`${lines.join("\n")}\n`)
              .subarray(-MOST_LOG)
              .toString("base64"),
          }
        : {}),
    },
    body: isTooLarge ? JSON.stringify(tooLarge) : payload,
  };
}
