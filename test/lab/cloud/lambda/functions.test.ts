import * as sdk from "@aws-sdk/client-lambda";
import { LambdaUnderTest, ROLE, zipOf } from "./lambda-under-test";

let under: LambdaUnderTest;

beforeAll(async () => {
  under = new LambdaUnderTest();
  await under.start();
});

afterAll(() => under.stop());

const FunctionName = "sentinel";
const PLAIN = "exports.handler = async () => 'one';";
const ARN = "arn:aws:lambda:us-east-1:123456789012:function:sentinel";

beforeEach(async () => {
  under.roles.trusted = true;
  await under.client.send(new sdk.DeleteFunctionCommand({ FunctionName })).catch(() => undefined);
});

const create = (more: Partial<sdk.CreateFunctionCommandInput> = {}) =>
  under.client.send(
    new sdk.CreateFunctionCommand({
      FunctionName,
      Role: ROLE,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf({ "index.js": PLAIN }) },
      ...more,
    }),
  );

const invoked = async (name = FunctionName): Promise<unknown> => {
  const { Payload } = await under.client.send(new sdk.InvokeCommand({ FunctionName: name }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};

test("a function is described as it was asked for, with Lambda's defaults", async () => {
  const made = await create();
  expect(made).toMatchObject({ State: "Pending", StateReasonCode: "Creating", LastUpdateStatus: "InProgress", $metadata: { httpStatusCode: 201 } });
  const found = await under.client.send(new sdk.GetFunctionCommand({ FunctionName: ARN }));
  expect(found.Configuration).toMatchObject({
    FunctionName,
    FunctionArn: ARN,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: ROLE,
    MemorySize: 128,
    Timeout: 3,
    Version: "$LATEST",
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: "PassThrough" },
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/sentinel" },
    VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: "" },
    CodeSha256: expect.stringMatching(/^[\w+/]{43}=$/),
  });
  const { Functions } = await under.client.send(new sdk.ListFunctionsCommand({}));
  expect(Functions?.map((one) => one.FunctionName)).toEqual([FunctionName]);
});

test("an update changes what it names and nothing else", async () => {
  await create({ Description: "looks", Environment: { Variables: { AB: "1" } } });
  const { RevisionId: old } = await under.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
  await under.client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 60, LoggingConfig: { LogFormat: "JSON" } }));
  const now = await under.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
  expect(now).toMatchObject({ Timeout: 60, Description: "looks", Environment: { Variables: { AB: "1" } } });
  expect(now.LoggingConfig).toEqual({ LogFormat: "JSON", LogGroup: "/aws/lambda/sentinel", ApplicationLogLevel: "INFO", SystemLogLevel: "INFO" });
  const stale = new sdk.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 61, RevisionId: old });
  await expect(under.client.send(stale)).rejects.toMatchObject({ name: "PreconditionFailedException" });
});

test("code comes from the request or from S3, and new code runs", async () => {
  await create();
  expect(await invoked()).toBe("one");
  under.objects.set("releases/sentinel.zip", zipOf({ "lib/main.cjs": "exports.a = { b: async () => 'two' };", "lib/": "" }));
  await under.client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName, Handler: "lib/main.a.b" }));
  await under.client.send(new sdk.UpdateFunctionCodeCommand({ FunctionName, S3Bucket: "releases", S3Key: "sentinel.zip" }));
  expect(await invoked()).toBe("two");
  const missing = new sdk.UpdateFunctionCodeCommand({ FunctionName, S3Bucket: "releases", S3Key: "none.zip" });
  await expect(under.client.send(missing)).rejects.toThrow("Error occurred while GetObject. S3 Error Code: NoSuchKey.");
});

test("a module handler may be an ES module", async () => {
  await create({
    Code: { ZipFile: zipOf({ "index.mjs": "import { basename } from 'node:path'; export const handler = async () => basename('/a/b');" }) },
  });
  expect(await invoked()).toBe("b");
});

test("a published version stays what it was", async () => {
  await create({ Publish: true });
  await under.client.send(new sdk.UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf({ "index.js": PLAIN.replace("one", "two") }) }));
  expect(await invoked(`${FunctionName}:1`)).toBe("one");
  expect(await invoked()).toBe("two");
  expect(await under.client.send(new sdk.PublishVersionCommand({ FunctionName }))).toMatchObject({ Version: "2", FunctionArn: `${ARN}:2` });
  expect(await under.client.send(new sdk.PublishVersionCommand({ FunctionName }))).toMatchObject({ Version: "2" });
  const { Versions } = await under.client.send(new sdk.ListVersionsByFunctionCommand({ FunctionName }));
  expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  await expect(invoked(`${FunctionName}:9`)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("permissions are added, read and removed", async () => {
  await create();
  const add = new sdk.AddPermissionCommand({
    FunctionName,
    StatementId: "schedule",
    Action: "lambda:InvokeFunction",
    Principal: "events.amazonaws.com",
    SourceArn: "arn:aws:events:us-east-1:123456789012:rule/*",
  });
  await under.client.send(add);
  await expect(under.client.send(add)).rejects.toMatchObject({ name: "ResourceConflictException" });
  const { Policy } = await under.client.send(new sdk.GetPolicyCommand({ FunctionName }));
  expect(JSON.parse(Policy ?? "")).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "schedule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: ARN,
        Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/*" } },
      },
    ],
  });
  const invoke =
    (rule: string, service = "events.amazonaws.com") =>
    () =>
      under.lambda.invokeFor(service, `arn:aws:events:us-east-1:123456789012:${rule}`, ARN, Buffer.from("{}"));
  expect(invoke("rule/tick")).not.toThrow();
  expect(invoke("event-bus/default")).toThrow("must let events.amazonaws.com invoke it");
  expect(invoke("rule/tick", "sns.amazonaws.com")).toThrow("must let sns.amazonaws.com invoke it");
  await under.client.send(new sdk.RemovePermissionCommand({ FunctionName, StatementId: "schedule" }));
  await expect(under.client.send(new sdk.GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("tags and concurrency are kept", async () => {
  await create({ Tags: { stack: "lab" } });
  await under.client.send(new sdk.TagResourceCommand({ Resource: ARN, Tags: { part: "health" } }));
  await under.client.send(new sdk.UntagResourceCommand({ Resource: ARN, TagKeys: ["stack"] }));
  expect((await under.client.send(new sdk.ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ part: "health" });
  await under.client.send(new sdk.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
  expect(await under.client.send(new sdk.GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({ ReservedConcurrentExecutions: 1 });
  expect((await under.client.send(new sdk.GetFunctionCommand({ FunctionName }))).Concurrency).toEqual({ ReservedConcurrentExecutions: 1 });
  const most = new sdk.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 901 });
  await expect(under.client.send(most)).rejects.toThrow("below its minimum value of [100]");
  await under.client.send(new sdk.DeleteFunctionConcurrencyCommand({ FunctionName }));
  expect((await under.client.send(new sdk.GetFunctionCommand({ FunctionName }))).Concurrency).toBeUndefined();
});

test.each<[string, Partial<sdk.CreateFunctionCommandInput>, string]>([
  ["a runtime that the lab has not", { Runtime: "python3.13" }, "Runtime: must be nodejs24.x"],
  ["a timeout above 15 minutes", { Timeout: 901 }, "Timeout: Too big"],
  ["a layer", { Layers: ["arn:aws:lambda:us-east-1:1:layer:a:1"] }, 'Unrecognized key: "Layers"'],
  ["a reserved variable", { Environment: { Variables: { AWS_REGION: "x" } } }, "Reserved keys used in this request: AWS_REGION"],
  ["no archive", { Code: { ZipFile: Buffer.from("no zip") } }, "Could not unzip uploaded file."],
  ["a file outside its archive", { Code: { ZipFile: zipOf({ "../evil.js": "" }) } }, "Could not unzip uploaded file."],
  ["subnets without security groups", { VpcConfig: { SubnetIds: ["subnet-1"] } }, "must coexist or be both empty list"],
])("fails when a function is created with %s", async (_, more, message) => {
  await expect(create(more)).rejects.toMatchObject({ name: "InvalidParameterValueException", message: expect.stringContaining(message) });
});

test("fails when Lambda may not take the role, or the name is taken", async () => {
  under.roles.trusted = false;
  await expect(create()).rejects.toThrow("The role defined for the function cannot be assumed by Lambda.");
  under.roles.trusted = true;
  await create();
  await expect(create()).rejects.toMatchObject({ name: "ResourceConflictException", message: "Function already exist: sentinel" });
});

test("fails when an operation is asked for that the lab has not", async () => {
  await expect(under.client.send(new sdk.ListLayersCommand({}))).rejects.toMatchObject({ name: "UnknownOperationException" });
});
