import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { Endpoint } from "../../../lab/cloud/endpoint/endpoint";
import { type Properties, Archive, decode } from "../../../lab/provider/property-values";
import { Struct } from "../../../lab/provider/protobuf";
import type { Call } from "../../../lab/provider/resource";
import { LambdaUnderTest, ROLE, zipOf } from "../cloud/lambda/lambda-under-test";
import { change, checked, expectGone, expectNoDrift, liveCall, type Made, make, typed } from "./life";
import { Moto } from "./moto";

jest.setTimeout(60_000);

let moto: Moto;
let under: LambdaUnderTest;
let door: Server;
let folder: string;
let call: Call;
let sentinel: Made;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** An archive as the engine sends it. */
function archive(hash: string, from: object): Archive {
  const { properties } = decode(Struct.fromJavaScript({ code: { [SIGNATURE]: ARCHIVE, hash, ...from } }));
  return properties.code as Archive;
}

const text = (content: string) => ({ [SIGNATURE]: ASSET, hash: "", text: content });

const answering = (word: string) => archive(word, { assets: { "index.js": text(`exports.handler = async () => "${word}";`) } });

beforeAll(async () => {
  moto = await Moto.start();
  under = new LambdaUnderTest();
  await under.start();
  const endpoint = new Endpoint({
    moto: { host: "127.0.0.1", port: Number(new URL(moto.url).port) },
    answers: {},
    services: { lambda: under.lambda.answer },
    before: async () => undefined,
    rewrite: () => ({}),
    s3: () => undefined,
    passed: () => undefined,
    own: () => undefined,
  });
  door = createServer(endpoint.forMachine).listen(0, "127.0.0.1");
  await once(door, "listening");
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  call = liveCall();
  folder = mkdtempSync(join(tmpdir(), "nplus1-code-"));
  sentinel = await make("aws:lambda/function:Function", declared(answering("sentinel")), call);
});

afterAll(async () => {
  await under.stop();
  door.closeAllConnections();
  door.close();
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

const declared = (code: Archive, more: Properties = {}): Properties => ({
  role: ROLE,
  handler: "index.handler",
  runtime: "nodejs24.x",
  code,
  ...more,
});

const FUNCTION = "aws:lambda/function:Function";

const told = async (name: string): Promise<unknown> => {
  const { Payload } = await call.aws.lambda.send(new InvokeCommand({ FunctionName: name }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};

test("a function is made, read back, updated and deleted", async () => {
  const made = await make(
    FUNCTION,
    declared(answering("one"), { reservedConcurrentExecutions: 1, environment: { variables: { MOOD: "good" } } }),
    call,
  );
  expect(made.id).toMatch(/^thing-[0-9a-f]{7}$/);
  expect(made.state).toMatchObject({
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${made.id}`,
    invokeArn: expect.stringMatching(/^arn:aws:apigateway:us-east-1:lambda:path\/2015-03-31\/functions\/arn:aws:lambda:.*\/invocations$/),
    version: "$LATEST",
    architectures: ["x86_64"],
    loggingConfig: { logFormat: "Text", logGroup: `/aws/lambda/${made.id}` },
    tagsAll: { stack: "lab" },
  });
  await expectNoDrift(FUNCTION, made, call);
  expect(await told(made.id)).toBe("one");

  const updated = await change(
    FUNCTION,
    made,
    {
      code: answering("two"),
      timeout: 60,
      memorySize: 256,
      environment: undefined,
      reservedConcurrentExecutions: undefined,
      loggingConfig: { logFormat: "JSON", applicationLogLevel: "DEBUG" },
      tags: { part: "health" },
      publish: true,
    },
    call,
  );
  expect(updated.state).toMatchObject({ version: "1", timeout: 60, tagsAll: { stack: "lab", part: "health" } });
  expect(updated.state.sourceCodeHash).not.toBe(made.state.sourceCodeHash);
  await expectNoDrift(FUNCTION, updated, call);
  expect(await told(made.id)).toBe("two");
  await expectGone(FUNCTION, updated, call);
});

test("code is a folder, a zip file, parts of one's own or an object of S3", async () => {
  mkdirSync(join(folder, "task/lib"), { recursive: true });
  writeFileSync(join(folder, "task/index.js"), "exports.handler = async () => require('./lib/word').word;");
  writeFileSync(join(folder, "task/lib/word.js"), "exports.word = 'folder';");
  writeFileSync(join(folder, "task.zip"), zipOf({ "index.js": "exports.handler = async () => 'zip';" }));
  under.objects.set("releases/task.zip", zipOf({ "index.js": "exports.handler = async () => 's3';" }));
  const fromFolder = await make(FUNCTION, declared(archive("a", { path: join(folder, "task") })), call);
  expect(await told(fromFolder.id)).toBe("folder");
  const fromZip = await change(FUNCTION, fromFolder, { code: archive("b", { path: join(folder, "task.zip") }) }, call);
  expect(await told(fromZip.id)).toBe("zip");
  const parts = {
    "index.js": text("exports.handler = async () => require('./task/lib/word').word + ' in parts';"),
    task: { [SIGNATURE]: ARCHIVE, hash: "", path: join(folder, "task") },
  };
  const fromParts = await change(FUNCTION, fromZip, { code: archive("c", { assets: parts }) }, call);
  expect(await told(fromParts.id)).toBe("folder in parts");
  const fromS3 = await change(FUNCTION, fromParts, { code: undefined, s3Bucket: "releases", s3Key: "task.zip", sourceCodeHash: "x" }, call);
  expect(await told(fromS3.id)).toBe("s3");
  await expectNoDrift(FUNCTION, fromS3, call);
});

test("fails when the code's path is relative", async () => {
  await expect(make(FUNCTION, declared(archive("r", { path: "task" })), call)).rejects.toThrow("task: must be an absolute path");
});

test("the same content is the same archive, whatever its time", async () => {
  const [one, two] = [await make(FUNCTION, declared(answering("same")), call), await make(FUNCTION, declared(answering("same")), call)];
  expect(one.state.codeSha256 ?? one.state.sourceCodeHash).toBe(two.state.codeSha256 ?? two.state.sourceCodeHash);
});

test("a role that is not known yet is waited for", async () => {
  under.roles.trusted = false;
  setTimeout(() => (under.roles.trusted = true), 300);
  const made = await make(FUNCTION, declared(answering("late")), call);
  expect(await told(made.id)).toBe("late");
});

test.each([
  ["no code at all", { code: undefined }, "must have one of code, and s3Bucket with s3Key"],
  ["another runtime", { runtime: "nodejs22.x" }, "must be nodejs24.x"],
  ["too long a timeout", { timeout: 1000 }, "Too big"],
  ["a layer", { layers: ["arn"] }, "has no such property"],
])("fails when a function has %s", (_, more, reason) => {
  const problem = (): unknown => checked(typed(FUNCTION), { ...declared(answering("x")), ...more });
  expect(problem).toThrow(reason);
});

const pattern = (detailType: string): string => JSON.stringify({ source: ["nplus1.health"], "detail-type": [detailType] });
const statement = (Action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource: "*" }] });
const steps = (command: string): string =>
  JSON.stringify({
    schemaVersion: "2.2",
    description: command,
    mainSteps: [{ action: "aws:runShellScript", name: "restart", inputs: { runCommand: [command] } }],
  });

/** One life each: made with these inputs, updated by those, deleted. An empty update is a type without one. */
const lives: [token: string, inputs: () => Properties, changes: () => Properties][] = [
  [
    "aws:lambda/permission:Permission",
    () => ({
      action: "lambda:InvokeFunction",
      function: sentinel.id,
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:events:us-east-1:123456789012:rule/tick",
    }),
    () => ({}),
  ],
  [
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    () => ({ functionName: sentinel.id, maximumRetryAttempts: 0 }),
    () => ({
      maximumRetryAttempts: 1,
      maximumEventAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: "arn:aws:sns:us-east-1:123456789012:alarms" } },
    }),
  ],
  [
    "aws:cloudwatch/eventRule:EventRule",
    () => ({ eventPattern: pattern("Node Quarantined"), description: "ladder" }),
    () => ({ eventPattern: pattern("Node Repaired"), state: "DISABLED", tags: { a: "1" } }),
  ],
  ["aws:cloudwatch/eventBus:EventBus", () => ({ name: "nplus1-lab" }), () => ({ tags: { a: "1" } })],
  [
    "aws:scheduler/schedule:Schedule",
    () => ({
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: sentinel.state.arn, roleArn: ROLE, input: "{}" },
    }),
    () => ({
      scheduleExpression: "rate(2 minutes)",
      state: "DISABLED",
      target: { arn: sentinel.state.arn, roleArn: ROLE, retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 } },
    }),
  ],
  ["aws:cloudwatch/logGroup:LogGroup", () => ({ retentionInDays: 7 }), () => ({ retentionInDays: 30, tags: { a: "1" } })],
  [
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    () => ({ policyName: "events", policyDocument: statement("logs:PutLogEvents") }),
    () => ({ policyDocument: statement("logs:CreateLogStream") }),
  ],
  [
    "aws:ssm/document:Document",
    () => ({ documentType: "Command", content: steps("systemctl restart nplus1-agent") }),
    () => ({ content: steps("reboot"), tags: { a: "1" } }),
  ],
  [
    "aws:cloudwatch/dashboard:Dashboard",
    () => ({ dashboardName: "nplus1", dashboardBody: '{"widgets":[]}' }),
    () => ({ dashboardBody: '{"widgets":[],"start":"-PT1H"}' }),
  ],
];

test.each(lives)("%s is made, read back, updated and deleted", async (token, inputs, changes) => {
  const made = await make(token, inputs(), call);
  await expectNoDrift(token, made, call);
  const updated = await change(token, made, changes(), call);
  await expectNoDrift(token, updated, call);
  await expectGone(token, updated, call);
});

test("a target belongs to its rule, which does not go before it", async () => {
  const rule = await make("aws:cloudwatch/eventRule:EventRule", { eventPattern: pattern("Node Quarantined") }, call);
  const token = "aws:cloudwatch/eventTarget:EventTarget";
  const target = await make(token, { rule: rule.id, arn: sentinel.state.arn, inputPath: "$.detail" }, call);
  expect(target.id).toBe(`${rule.id}-${String(target.state.targetId)}`);
  await expectNoDrift(token, target, call);
  const changed = await change(
    token,
    target,
    {
      inputPath: undefined,
      inputTransformer: { inputPaths: { node: "$.detail.node" }, inputTemplate: '"<node>"' },
      retryPolicy: { maximumRetryAttempts: 0 },
    },
    call,
  );
  await expectNoDrift(token, changed, call);
  await expectGone(token, changed, call);
  await expectGone("aws:cloudwatch/eventRule:EventRule", rule, call);
});
