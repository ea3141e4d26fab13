import { CreateTagsCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import * as sdk from "@aws-sdk/client-ssm";
import type { ManagedInstance, Ran } from "../../../../lab/cloud/ssm/agent";
import type { CommandStep } from "../../../../lab/cloud/ssm/command-document";
import { SystemsManager } from "../../../../lab/cloud/ssm/systems-manager";
import type { NewEvent } from "../../../../lab/cloud/events/event";
import { until } from "../lambda/lambda-under-test";
import { Moto } from "../../provider/moto";
import { type Served, serveAnswer } from "../serve-answer";

jest.setTimeout(30_000);

let moto: Moto;
let ec2: EC2Client;
let direct: sdk.SSMClient;
let service: SystemsManager;
let served: Served;
let client: sdk.SSMClient;
let ids: [string, string];
let alive: Set<string>;
let reachable: Set<string>;
let events: NewEvent[];
/** What each step does, by its script. */
let work: (instance: ManagedInstance, step: CommandStep, signal: AbortSignal) => Promise<Ran>;
let ran: string[];

beforeAll(async () => {
  moto = await Moto.start();
  const settings = { region: "us-east-1", endpoint: moto.url };
  [ec2, direct] = [new EC2Client(settings), new sdk.SSMClient(settings)];
  const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: "ami-1", MinCount: 2, MaxCount: 2 }));
  ids = (Instances ?? []).map(({ InstanceId }) => InstanceId) as [string, string];
  await ec2.send(new CreateTagsCommand({ Resources: [ids[1]], Tags: [{ Key: "stack", Value: "lab" }] }));
}, 60_000);

afterAll(async () => {
  ec2.destroy();
  direct.destroy();
  await moto.stop();
});

beforeEach(async () => {
  [alive, reachable, events, ran] = [new Set(ids), new Set(ids), [], []];
  work = async () => ({ code: 0, stdout: "done\n", stderr: "" });
  const instanceOf = (id: string): ManagedInstance => ({ id, hostPid: 1, rootDir: "/", netns: id });
  service = new SystemsManager({
    ec2,
    ssm: direct,
    managed: async () => [...alive].map((id) => ({ ...instanceOf(id), privateIp: "10.0.2.4", hostName: "ip-10-0-2-4.ec2.internal" })),
    instance: (id) => (alive.has(id) ? instanceOf(id) : undefined),
    reaches: async ({ id }) => reachable.has(id),
    run: async (instance, _, step, signal) => {
      ran.push(`${instance.id} ${step.script.trim()}`);
      return work(instance, step, signal);
    },
    emit: (event) => void events.push(event),
    onFailure: (error) => {
      throw error;
    },
    retryMs: 10,
  });
  served = await serveAnswer(service.answer);
  client = new sdk.SSMClient(served.settings);
});

afterEach(async () => {
  service.stop();
  client.destroy();
  await served.close();
});

const send = async (more: Partial<sdk.SendCommandCommandInput> = {}): Promise<string> => {
  const input = {
    DocumentName: "AWS-RunShellScript",
    Parameters: { commands: ["uptime"] },
    ...(more.Targets ? {} : { InstanceIds: [ids[0]] }),
    ...more,
  };
  const { Command } = await client.send(new sdk.SendCommandCommand(input));
  return Command?.CommandId ?? "";
};

const invocation = (CommandId: string, more: { InstanceId?: string; PluginName?: string } = {}) =>
  client.send(new sdk.GetCommandInvocationCommand({ CommandId, InstanceId: ids[0], ...more }));

async function over(CommandId: string, InstanceId = ids[0]) {
  for (;;) {
    const found = await invocation(CommandId, { InstanceId });
    if (found.Status !== "Pending" && found.Status !== "InProgress") return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a command runs on its instance and says what it said", async () => {
  const id = await send({ Comment: "look" });
  expect(await over(id)).toMatchObject({
    CommandId: id,
    InstanceId: ids[0],
    Comment: "look",
    DocumentName: "AWS-RunShellScript",
    Status: "Success",
    StatusDetails: "Success",
    ResponseCode: 0,
    StandardOutputContent: "done\n",
    StandardErrorContent: "",
    ExecutionStartDateTime: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(ran).toEqual([`${ids[0]} uptime`]);
  expect(events.map(({ detail }) => detail.status)).toEqual(["InProgress", "Success"]);
  const { Commands } = await client.send(new sdk.ListCommandsCommand({ CommandId: id }));
  expect(Commands).toMatchObject([{ Status: "Success", TargetCount: 1, CompletedCount: 1, ErrorCount: 0 }]);
});

test("a document of one's own is read where it was made, with its steps in order", async () => {
  const step = (name: string, onFailure?: string) => ({ action: "aws:runShellScript", name, onFailure, inputs: { runCommand: [name] } });
  const Content = JSON.stringify({ schemaVersion: "2.2", mainSteps: [step("one"), step("two", "exit"), step("three")] });
  await direct.send(new sdk.CreateDocumentCommand({ Name: "nplus1-steps", DocumentType: "Command", Content }));
  work = async (_, { name }) => ({ code: name === "one" ? 1 : name === "two" ? 7 : 0, stdout: name, stderr: "" });
  const id = await send({ DocumentName: "nplus1-steps", Parameters: {} });
  expect(await over(id)).toMatchObject({ Status: "Failed", StatusDetails: "Failed", ResponseCode: 1, StandardOutputContent: "onetwo" });
  expect(await invocation(id, { PluginName: "two" })).toMatchObject({ Status: "Failed", ResponseCode: 7, StandardOutputContent: "two" });
  const { CommandInvocations } = await client.send(new sdk.ListCommandInvocationsCommand({ CommandId: id, Details: true }));
  expect(CommandInvocations?.[0]?.CommandPlugins?.map(({ Name, Status, ResponseCode }) => [Name, Status, ResponseCode])).toEqual([
    ["one", "Failed", 1],
    ["two", "Failed", 7],
  ]);
});

test("targets are chosen by tag, and none is an end too", async () => {
  const id = await send({ Targets: [{ Key: "tag:stack", Values: ["lab", "dev"] }] });
  await over(id, ids[1]);
  expect(ran).toEqual([`${ids[1]} uptime`]);
  await send({ Targets: [{ Key: "tag:stack", Values: ["prod"] }] });
  const { Commands } = await client.send(new sdk.ListCommandsCommand({}));
  expect(Commands?.[0]).toMatchObject({ Status: "Success", StatusDetails: "NoInstancesInTag", TargetCount: 0 });
});

test("an instance that does not reach the service gets the command once it does", async () => {
  reachable.clear();
  const id = await send();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await invocation(id)).toMatchObject({ Status: "Pending", StatusDetails: "Pending", ResponseCode: -1 });
  expect(ran).toEqual([]);
  const { InstanceInformationList } = await client.send(
    new sdk.DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [ids[0]] }] }),
  );
  expect(InstanceInformationList).toMatchObject([{ InstanceId: ids[0], PingStatus: "ConnectionLost", PlatformType: "Linux", IPAddress: "10.0.2.4" }]);
  reachable.add(ids[0]);
  expect(await over(id)).toMatchObject({ Status: "Success" });
});

test("a command to an instance that dies is not delivered", async () => {
  reachable.clear();
  const id = await send();
  alive.clear();
  expect(await over(id)).toMatchObject({ Status: "Failed", StatusDetails: "Undeliverable" });
});

test("an instance that dies while it runs a command leaves it open until its time is over", async () => {
  work = async () => {
    alive.clear();
    return { code: null, stdout: "", stderr: "" };
  };
  const id = await send({ Parameters: { commands: ["reboot"], executionTimeout: ["1"] } });
  await until("the command to run", () => ran.length === 1);
  expect(await invocation(id)).toMatchObject({ Status: "InProgress" });
  expect(await over(id)).toMatchObject({ Status: "TimedOut", StatusDetails: "ExecutionTimedOut", ResponseCode: -1 });
});

test("a script that takes too long has timed out", async () => {
  work = async (_, { timeoutSeconds }) => {
    await new Promise((resolve) => setTimeout(resolve, timeoutSeconds * 1000 + 10));
    return { code: 124, stdout: "half", stderr: "" };
  };
  const id = await send({ Parameters: { commands: ["sleep 9"], executionTimeout: ["1"] } });
  expect(await over(id)).toMatchObject({ Status: "TimedOut", StatusDetails: "ExecutionTimedOut", StandardOutputContent: "half" });
});

test("a command that is cancelled ends", async () => {
  work = (_, __, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({ code: 143, stdout: "", stderr: "" })));
  const id = await send();
  await until("the command to run", () => ran.length === 1);
  await client.send(new sdk.CancelCommandCommand({ CommandId: id }));
  expect(await over(id)).toMatchObject({ Status: "Cancelled" });
});

test.each<[string, Partial<sdk.SendCommandCommandInput>, string]>([
  ["the document is unknown", { DocumentName: "nplus1-none" }, "InvalidDocument"],
  ["the instance is unknown", { InstanceIds: ["i-0123456789abcdef0"] }, "InvalidInstanceId"],
  ["a parameter is unknown", { Parameters: { commands: ["a"], unit: ["b"] } }, "InvalidParameters"],
  ["both ids and targets are given", { Targets: [{ Key: "tag:a", Values: ["b"] }], InstanceIds: ["i-1"] }, "ValidationException"],
])("fails when %s", async (_, more, name) => {
  await expect(send(more)).rejects.toMatchObject({ name });
});

test("fails when an invocation is asked for that is not there", async () => {
  await expect(invocation("nothing")).rejects.toMatchObject({ name: "InvocationDoesNotExist" });
});
