import { contextOf } from "../../../lab/lambda/context";
import { parseHandlerName } from "../../../lab/lambda/handler";
import { isLogged, type Level, logLine } from "../../../lab/lambda/log-line";
import { reported } from "../../../lab/lambda/runtime-error";

test.each([
  ["index.handler", "index", ["handler"]],
  ["lib/sentinel/main.handler", "lib/sentinel/main", ["handler"]],
  ["main.health.check", "main", ["health", "check"]],
])("the handler %s is %s of the task, and %j in it", (name, module, path) => {
  expect(parseHandlerName(name)).toEqual({ module, path });
});

test.each([
  ["../evil.handler", "'../evil.handler' is not a valid handler name."],
  ["index", "Bad handler"],
  [".handler", "Bad handler"],
])("fails when a handler is named %s", (name, message) => {
  expect(() => parseHandlerName(name)).toThrow(message);
});

const at = new Date("2026-11-24T10:00:00.123Z");

test("a line of text has its time, its request and its level", () => {
  expect(logLine("WARN", ["%d nodes", 2, { n: 1 }], { at, requestId: "id-1", json: false })).toBe(
    "2026-11-24T10:00:00.123Z\tid-1\tWARN\t2 nodes { n: 1 }",
  );
  expect(logLine("INFO", ["start"], { at, requestId: undefined, json: false })).toBe("2026-11-24T10:00:00.123Z\tundefined\tINFO\tstart");
});

test("a line of JSON keeps an object as it is, and tells an error", () => {
  const parsed = (...args: unknown[]) => JSON.parse(logLine("ERROR", args, { at, requestId: "id-1", json: true })) as Record<string, unknown>;
  expect(parsed({ nodes: ["i-1"] })).toEqual({ timestamp: at.toISOString(), level: "ERROR", requestId: "id-1", message: { nodes: ["i-1"] } });
  expect(parsed("failed:", new RangeError("too many"))).toMatchObject({
    message: expect.stringContaining("failed: RangeError: too many"),
    errorType: "RangeError",
    errorMessage: "too many",
    stackTrace: expect.arrayContaining(["RangeError: too many"]),
  });
});

test.each<[Level, string | undefined, boolean, boolean]>([
  ["DEBUG", undefined, true, false],
  ["INFO", undefined, true, true],
  ["INFO", "WARN", true, false],
  ["ERROR", "WARN", true, true],
  ["TRACE", "WARN", false, true],
])("%s with the level %s and JSON %s is logged: %s", (level, wanted, json, logged) => {
  expect(isLogged(level, wanted, json)).toBe(logged);
});

test("the context says what time is left", () => {
  const headers = {
    "lambda-runtime-aws-request-id": "id-1",
    "lambda-runtime-deadline-ms": String(Date.now() + 5000),
    "lambda-runtime-invoked-function-arn": "arn",
    "lambda-runtime-client-context": '{"custom":1}',
  };
  const context = contextOf(headers, { AWS_LAMBDA_FUNCTION_NAME: "sentinel" });
  expect(context).toMatchObject({ awsRequestId: "id-1", invokedFunctionArn: "arn", functionName: "sentinel", clientContext: { custom: 1 } });
  expect(context.getRemainingTimeInMillis()).toBeGreaterThan(4900);
});

test("what is thrown need not be an error", () => {
  expect(reported({ code: 3 })).toEqual({ errorType: "object", errorMessage: "[object Object]", trace: [] });
  expect(reported(new TypeError("no"))).toMatchObject({ errorType: "TypeError", errorMessage: "no" });
});
