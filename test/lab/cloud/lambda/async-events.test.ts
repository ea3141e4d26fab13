import { existsSync } from "node:fs";
import {
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { LambdaUnderTest, until } from "./lambda-under-test";

let under: LambdaUnderTest;

beforeEach(async () => {
  under = new LambdaUnderTest();
  await under.start();
});

afterEach(() => under.stop());

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const FunctionName = "worker";

/** Says each attempt in its log, and fails the first so many. */
const failing = (times: number) =>
  `let n = 0; exports.handler = async (event) => { console.log("attempt", ++n, event.id); if (n <= ${times}) throw new Error("no"); return { done: n }; };`;

const send = (event: unknown) => under.client.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: JSON.stringify(event) }));

const configure = (config: Omit<PutFunctionEventInvokeConfigCommandInput, "FunctionName">) =>
  under.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...config }));

const attempts = (): number => under.log(FunctionName).match(/attempt \d/g)?.length ?? 0;

test("an event whose function fails is tried twice more, and then done", async () => {
  await under.make(FunctionName, failing(2));
  await configure({ DestinationConfig: { OnSuccess: { Destination: TOPIC } } });
  expect((await send({ id: 7 })).StatusCode).toBe(202);
  await until("its success to be told", () => under.delivered.length === 1);
  expect(attempts()).toBe(3);
  expect(under.delivered[0]).toEqual({
    destination: TOPIC,
    record: {
      version: "1.0",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: "arn:aws:lambda:us-east-1:123456789012:function:worker:$LATEST",
        condition: "Success",
        approximateInvokeCount: 3,
      },
      requestPayload: { id: 7 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST" },
      responsePayload: { done: 3 },
    },
  });
});

test("an event that fails to the end is told to the destination for failures", async () => {
  await under.make(FunctionName, failing(9));
  await configure({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: TOPIC } } });
  await send({ id: 8 });
  await until("its failure to be told", () => under.delivered.length === 1);
  expect(attempts()).toBe(2);
  expect(under.delivered[0]?.record).toMatchObject({
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 2 },
    responseContext: { functionError: "Unhandled" },
    responsePayload: { errorType: "Error", errorMessage: "no" },
  });
  const { requestId } = under.delivered[0]?.record.requestContext ?? {};
  expect(under.log(FunctionName).match(new RegExp(`START RequestId: ${requestId}`, "g"))).toHaveLength(2);
});

test("a throttled event waits and is run once there is room", async () => {
  await under.make(FunctionName, failing(0));
  await under.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await send({ id: 9 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(under.pids).toEqual([]);
  await under.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
  await until("the event to be run", () => under.pids.length === 1);
});

test("what becomes of events is configured and described", async () => {
  await under.make(FunctionName, failing(0));
  await configure({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  const found = await under.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
  expect(found).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0, DestinationConfig: { OnSuccess: {}, OnFailure: {} } });
  await expect(configure({ DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:1:q" } } })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
  });
});

test("stopping ends what runs", async () => {
  await under.make(FunctionName, "exports.handler = () => new Promise(() => setTimeout(() => {}, 9e6));", { Timeout: 60 });
  await send({});
  await until("the event to run", () => under.pids.length === 1);
  await under.lambda.stop();
  expect(existsSync(`/proc/${under.pids[0]}`)).toBe(false);
  expect(under.failures).toEqual([]);
});
