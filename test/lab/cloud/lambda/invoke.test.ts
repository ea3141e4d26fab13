import { existsSync } from "node:fs";
import { InvokeCommand, type InvokeCommandOutput, PutFunctionConcurrencyCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { LambdaUnderTest, until } from "./lambda-under-test";

jest.setTimeout(20_000);

let under: LambdaUnderTest;

beforeEach(async () => {
  under = new LambdaUnderTest();
  await under.start();
});

afterEach(() => under.stop());

const invoke = (FunctionName: string, event: unknown = {}, more: object = {}): Promise<InvokeCommandOutput> =>
  under.client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));

const told = ({ Payload }: InvokeCommandOutput): any => JSON.parse(Buffer.from(Payload ?? []).toString());

const log = ({ LogResult }: InvokeCommandOutput): string => Buffer.from(LogResult ?? "", "base64").toString();

test("a function answers its event with its context and environment", async () => {
  await under.make(
    "echo",
    `exports.handler = async (event, context) => {
      const { getRemainingTimeInMillis, awsRequestId, ...rest } = context;
      const { AWS_LAMBDA_FUNCTION_NAME, AWS_REGION, AWS_ACCESS_KEY_ID, COLOUR, _HANDLER, HOME } = process.env;
      return { event, rest, remaining: getRemainingTimeInMillis(), awsRequestId, env: { AWS_LAMBDA_FUNCTION_NAME, AWS_REGION, AWS_ACCESS_KEY_ID, COLOUR, _HANDLER, HOME } };
    };`,
    { Timeout: 7, MemorySize: 256, Environment: { Variables: { COLOUR: "blü" } } },
  );
  const answer = await invoke("echo", { name: "x" });
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(answer.FunctionError).toBeUndefined();
  const { rest, remaining, awsRequestId, ...seen } = told(answer);
  expect(seen).toEqual({
    event: { name: "x" },
    env: {
      AWS_LAMBDA_FUNCTION_NAME: "echo",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      COLOUR: "blü",
      _HANDLER: "index.handler",
    },
  });
  expect(rest).toEqual({
    functionName: "echo",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:echo",
    memoryLimitInMB: "256",
    logGroupName: "/aws/lambda/echo",
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
  });
  expect(remaining).toBeGreaterThan(6000);
  expect(remaining).toBeLessThanOrEqual(7000);
  expect(awsRequestId).toBe(answer.$metadata.requestId);
});

test("a warm process serves the next invocation and is stopped in between", async () => {
  await under.make(
    "count",
    "let n = 0; let ticks = 0; setInterval(() => ticks++, 5); exports.handler = async () => ({ n: ++n, pid: process.pid, ticks });",
  );
  const first = told(await invoke("count"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const second = told(await invoke("count"));
  expect(second).toMatchObject({ n: 2, pid: first.pid });
  expect(second.ticks - first.ticks).toBeLessThan(5);
  expect(under.pids).toHaveLength(1);
});

test("a function that takes too long is killed, and the next invocation has a new process", async () => {
  await under.make("slow", "exports.handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return process.pid; };", {
    Timeout: 1,
  });
  const late = await invoke("slow", { ms: 5000 });
  expect(late.FunctionError).toBe("Unhandled");
  expect(told(late)).toEqual({
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${late.$metadata.requestId} Error: Task timed out after 1.00 seconds`,
  });
  const [killed = 0] = under.pids;
  await until("the killed process to be gone", () => !existsSync(`/proc/${killed}`));
  const after = told(await invoke("slow", { ms: 0 }));
  expect(after).toBe(under.pids[1]);
  expect(under.log("slow")).toMatch(/Task timed out after 1\.00 seconds\n.*END RequestId.*\n.*Status: timeout/s);
});

test.each([
  ["throws", "exports.handler = async () => { throw new TypeError('no such node'); };", { errorType: "TypeError", errorMessage: "no such node" }],
  ["throws what is no error", "exports.handler = async () => { throw 'plain'; };", { errorType: "string", errorMessage: "plain" }],
  ["has no such handler", "exports.other = 1;", { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" }],
  ["needs a module that is not there", "require('nowhere');", { errorType: "Runtime.ImportModuleError" }],
  ["cannot be parsed", "exports.handler = (", { errorType: "Runtime.UserCodeSyntaxError" }],
  ["takes a callback", "exports.handler = (event, context, callback) => callback();", { errorType: "Runtime.CallbackHandlerDeprecated" }],
  [
    "ends its process",
    "exports.handler = async () => process.exit(3);",
    { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/exit status 3$/) },
  ],
  [
    "rejects beside the handler",
    "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise(() => setTimeout(() => {}, 9e3)); };",
    { errorType: "Runtime.UnhandledPromiseRejection" },
  ],
  ["cannot be answered", "exports.handler = async () => 1n;", { errorType: "Runtime.JSONStringifyError" }],
])("a function that %s fails as Lambda says it", async (_, source, error) => {
  await under.make("faulty", source);
  const answer = await invoke("faulty");
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
  expect(told(answer)).toMatchObject(error);
});

test("a function that needs more memory than it has is aborted", async () => {
  await under.make("hungry", "exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e6).fill(Math.random())); };", {
    Timeout: 15,
  });
  expect(told(await invoke("hungry"))).toMatchObject({ errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/signal: aborted$/) });
});

test("the log says what the function wrote between start, end and report", async () => {
  await under.make(
    "wordy",
    "exports.handler = async () => { console.log('hello', { a: 1 }); console.error('oh\\nno'); process.stdout.write('raw\\n'); };",
  );
  const answer = await invoke("wordy", {}, { LogType: "Tail" });
  const id = answer.$metadata.requestId;
  expect(told(answer)).toBeNull();
  const lines = log(answer).trim().split("\n");
  expect(lines[0]).toBe(`START RequestId: ${id} Version: $LATEST`);
  expect(lines[1]).toMatch(new RegExp(`^\\d{4}-.*Z\\t${id}\\tINFO\\thello \\{ a: 1 \\}$`));
  expect(lines[2]).toMatch(new RegExp(`\\t${id}\\tERROR\\toh$`));
  expect(lines.slice(3, 6)).toEqual(["no", "raw", `END RequestId: ${id}`]);
  expect(under.events).toHaveLength(6);
  expect(lines[6]).toMatch(/^REPORT RequestId: .*\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tInit Duration: [\d.]+ ms$/);
  expect(under.log("wordy")).toBe(log(answer));
});

test("a log in JSON leaves out what is below its level", async () => {
  await under.make("terse", "exports.handler = async () => { console.debug('no'); console.warn({ nodes: 2 }); };", {
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "WARN" },
  });
  const lines = log(await invoke("terse", {}, { LogType: "Tail" }))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, any>);
  expect(lines.map(({ type, level, message }) => type ?? [level, message])).toEqual(["platform.start", ["WARN", { nodes: 2 }], "platform.report"]);
});

test("as many invocations run at once as are reserved, and no more", async () => {
  await under.make("one", "exports.handler = async () => { await new Promise((r) => setTimeout(r, 400)); return process.pid; };");
  await under.client.send(new PutFunctionConcurrencyCommand({ FunctionName: "one", ReservedConcurrentExecutions: 1 }));
  const running = invoke("one");
  await until("the first to run", () => under.pids.length === 1);
  await expect(invoke("one")).rejects.toMatchObject({
    name: "TooManyRequestsException",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });
  expect(told(await running)).toBe(under.pids[0]);
  expect(told(await invoke("one"))).toBe(under.pids[0]);
  await under.client.send(new PutFunctionConcurrencyCommand({ FunctionName: "one", ReservedConcurrentExecutions: 2 }));
  const both = await Promise.all([invoke("one"), invoke("one")]);
  expect(new Set(both.map(told)).size).toBe(2);
});

test("a new configuration has a new process, and the old one goes", async () => {
  await under.make("moody", "exports.handler = async () => process.env.MOOD ?? 'none';");
  expect(told(await invoke("moody"))).toBe("none");
  await under.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: "moody", Environment: { Variables: { MOOD: "good" } } }));
  expect(told(await invoke("moody"))).toBe("good");
  const [old = 0] = under.pids;
  await until("the old process to be gone", () => !existsSync(`/proc/${old}`));
});

test.each([
  ["an unknown function", () => invoke("nobody"), { name: "ResourceNotFoundException" }],
  ["no JSON", () => invoke("plain", {}, { Payload: "{nope" }), { name: "InvalidRequestContentException" }],
  ["too much", () => invoke("plain", "x".repeat(1_048_577), { InvocationType: "Event" }), { name: "RequestTooLargeException" }],
])("fails when it is %s that is invoked", async (_, call, error) => {
  await under.make("plain", "exports.handler = async () => 1;");
  await expect(call()).rejects.toMatchObject(error);
});

test("a dry run and an event are accepted and not answered", async () => {
  await under.make("plain", "exports.handler = async () => 1;");
  expect(await invoke("plain", {}, { InvocationType: "DryRun" })).toMatchObject({ StatusCode: 204 });
  expect(await invoke("plain", {}, { InvocationType: "Event" })).toMatchObject({ StatusCode: 202 });
  await until("the event to be run", () => under.pids.length === 1);
});
